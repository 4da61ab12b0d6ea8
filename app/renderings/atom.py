"""Changes as an Atom feed (RFC 4287), paged as RFC 5005 has it. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from app.documents.time import Change
from app.renderings import words

_ATOM = "http://www.w3.org/2005/Atom"
_XHTML = "http://www.w3.org/1999/xhtml"
# What XML 1.0 cannot hold, however it is escaped.
_FOREIGN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DONE = {
    "load": "Loaded", "correct": "Corrected", "withdraw": "Withdrawn", "merge": "Merged", "rename": "Renamed",
    "undo": "Taken back",
}  # fmt: skip

ElementTree.register_namespace("", _ATOM)
ElementTree.register_namespace("xhtml", _XHTML)


@dataclass(frozen=True)
class Feed:
    """A page of the feed. `links` are whole URLs by their relation; `began_at` is the time of the first revision."""

    changes: Sequence[Change]
    began_at: datetime | None
    updated_at: datetime | None
    links: dict[str, str | None]
    version: str


def render(feed: Feed, absolute: Callable[[str], str]) -> bytes:
    """The feed as XML. `absolute` makes a whole URL of a path of ours."""
    root = Element(f"{{{_ATOM}}}feed")
    # No base has another one's clock, so the times of its revisions make ids that no other base has.
    _add(root, "id", f"urn:filmspace:changes:{_time(feed.began_at)}")
    _add(root, "title", "filmspace: changes")
    _add(root, "subtitle", "What was added, corrected, withdrawn and merged in the knowledge base, by revision")
    _add(root, "updated", _time(feed.updated_at))
    _add(root, "generator", "filmspace", version=feed.version)
    _add(_add(root, "author"), "name", "filmspace")
    for relation, url in feed.links.items():
        if url:
            media_type = "application/json" if relation == "alternate" else "application/atom+xml"
            _add(root, "link", rel=relation, href=url, type=media_type)
    for change in feed.changes:
        _add_entry(root, change, absolute)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(root: Element, change: Change, absolute: Callable[[str], str]) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", f"urn:filmspace:revision:{_time(change.at)}:{change.revision}")
    _add(entry, "title", _title(change))
    for name in ("published", "updated"):
        _add(entry, name, _time(change.at))
    _add(_add(entry, "author"), "name", change.actor or "unknown")
    _add(entry, "category", term=change.action)
    _add(entry, "link", rel="alternate", href=absolute(change.url), type="application/json")
    for ref in (change.source, change.entity, change.into):
        if ref:
            _add(entry, "link", rel="related", href=absolute(ref.url), type="application/json")
    content = _add(entry, "content", type="xhtml")
    _add_content(SubElement(content, f"{{{_XHTML}}}div"), change, absolute)


def _title(change: Change) -> str:
    done = _DONE[change.action] + (f" (revision {change.undoes})" if change.undoes else "")
    if change.entity and change.into:
        return f"{done}: {change.entity.label} ({change.entity.slug}) into {change.into.label} ({change.into.slug})"
    if change.entity:
        return f"{done}: {change.entity.label} ({change.entity.slug})"
    if change.source is None:
        return done
    named = (change.source.title, change.source.publisher, change.source.published)
    return f"{done}: {', '.join(one for one in named if one) or change.source.slug}"


def _add_content(div: Element, change: Change, absolute: Callable[[str], str]) -> None:
    if change.reason:
        _say(div, "p", change.reason)
    ended = change.superseded_count + change.withdrawn_count
    for facts, count, what in ((change.added, change.added_count, "added"), (change.ended, ended, "ended")):
        if not count:
            continue
        _say(div, "p", f"{count} {'fact' if count == 1 else 'facts'} {what}:")
        listed = SubElement(div, f"{{{_XHTML}}}ul")
        for fact in facts:
            item = SubElement(listed, f"{{{_XHTML}}}li")
            _say(item, "a", words.statement(fact.model_dump())).set("href", absolute(fact.url))
        if len(facts) < count:
            item = SubElement(listed, f"{{{_XHTML}}}li")
            _say(item, "a", "all of them").set("href", absolute(f"{change.facts_url}?change={what}"))


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    clean = {key: _legal(value) for key, value in attributes.items()}
    child = SubElement(parent, f"{{{_ATOM}}}{name}", clean)
    child.text = _legal(text) or None
    return child


def _say(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, f"{{{_XHTML}}}{name}")
    child.text = _legal(text)
    return child


def _legal(text: str) -> str:
    """A text with what XML cannot hold replaced, so that one foreign character does not break the whole feed."""
    return _FOREIGN.sub("\ufffd", text)


def _time(moment: datetime | None) -> str:
    """A time as RFC 3339 writes it; a base that never changed has the beginning of time."""
    if moment is None:
        return "1970-01-01T00:00:00Z"
    return moment.isoformat().replace("+00:00", "Z")
