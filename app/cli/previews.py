"""A preview in lines for a curator, to be read at a glance."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.cli.screen import Line
from app.documents.preview import ClaimPreview, ClaimStatus, KeyChange, PreviewDocument, RecordChange, RelatedFact
from app.loading.reports import cut

_SIGNS: Mapping[ClaimStatus, tuple[str, str]] = {
    "new": ("+", "green"),
    "corroborates": ("=", "cyan"),
    "conflicts": ("!", "bold red"),
    "slip": ("~", "yellow"),
    "known": (" ", "dim"),
    "rejected": ("x", "red"),
    "left_out": ("-", "yellow"),
}
_RELATIONS = {"agrees": "agrees with", "disagrees": "disagrees with", "slips": "differs in time from"}
_BOTH = "conflicts, slip"


def lines_of(told: PreviewDocument, seconds: float) -> Iterator[Line]:
    """Everything that a preview tells."""
    outcome = {
        "would_load": f"version {told.version} would be loaded",
        "draft": f"version {told.version} would be loaded once it is reviewed",
        "unchanged": f"unchanged, version {told.version}",
        "rejected": "would be refused, and nothing of it stored; below is what it would do without what is rejected",
    }
    yield [(f"{told.slug}: {outcome[told.outcome]}", "bold red" if told.outcome == "rejected" else "bold")]
    for problem in told.problems:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        yield [("    x ", "red"), (f"{where}: {problem.detail}", "")]
    yield from _claims(told)
    yield from _entities(told)
    yield from _sentences(told)
    yield from _records(told)
    yield [(f"  took       {seconds:.2f} s", "dim")]


def _claims(told: PreviewDocument) -> Iterator[Line]:
    counts = told.counts.model_dump()
    shown = [f"{count} {status.replace('_', ' ')}" for status, count in counts.items() if count]
    if both := sum(_status(one) == _BOTH for one in told.claims):
        shown.append(f"{both} of the conflicts a slip as well")
    yield [(f"  claims     {', '.join(shown) or 'none'}", "")]
    if told.correction:
        found = told.correction
        yield [
            (f"  words      of version {found.version}: {found.unchanged} unchanged, {found.moved} moved, ", ""),
            (f"{found.orphaned} orphaned", "yellow" if found.orphaned else ""),
        ]
    for claim in told.claims:
        yield from _claim(claim)
    if told.ended:
        yield [(f"  ended      {len(told.ended)}", "")]
    for one in told.ended:
        quote = f" (“{cut(one.quote)}”)" if one.words == "orphaned" else ""
        yield [
            ("    - ", "yellow"),
            (f"{one.subject} {one.property} '{cut(one.value)}': words {one.words}{quote}", ""),
        ]


def _claim(claim: ClaimPreview) -> Iterator[Line]:
    sign, style = _SIGNS[claim.status]
    at = f"claims.yaml:{claim.line}: " if claim.line else ""
    said = f" ({claim.subject} {claim.property} '{cut(claim.value or claim.object or '')}')" if claim.subject else ""
    words = f", words {claim.words}" if claim.words else ""
    yield [
        (f"    {sign} ", style), (f"{at}{f'claim {claim.number}' if claim.number else 'noted'}{said}: ", ""),
        (_status(claim), style), (words, "yellow" if claim.words == "orphaned" else "dim"),
    ]  # fmt: skip
    for reason in claim.reasons:
        yield [(f"        {reason}", style)]
    if claim.status != "known":
        for related in claim.related:
            yield [(f"        {_related(related)}", "dim" if related.relation == "agrees" else style)]


def _status(claim: ClaimPreview) -> str:
    """What is said of a claim; one that conflicts with one source may slip from the plan of another."""
    is_both = claim.status == "conflicts" and any(one.relation == "slips" for one in claim.related)
    return _BOTH if is_both else claim.status.replace("_", " ")


def _related(related: RelatedFact) -> str:
    sources = ", ".join(f"{one.slug} ({one.publisher})" if one.publisher else one.slug for one in related.sources)
    more = related.source_count - len(related.sources)
    said_by = f"{sources}{f' and {more} more' if more else ''}" or "this source itself"
    return (
        f"{_RELATIONS[related.relation]} {_shown(related.value)}, {related.modality} by {said_by} (fact {related.id})"
    )


def _entities(told: PreviewDocument) -> Iterator[Line]:
    yield [(f"  entities   {sum(not one.same_as for one in told.entities)} new, {told.entities_known} known", "")]
    for one in told.entities:
        if one.same_as:
            yield [("    = ", "cyan"), (f"{one.entity} is {one.same_as}, by an identifier", "")]
        for alike in one.lookalikes:
            held = f"{alike.record.kind}/{alike.record.slug}"
            yield [("    ? ", "yellow"), (f"{one.entity} looks like {held}, '{alike.name}' ({alike.likeness})", "")]
            yield [(f"        {alike.hint}", "dim")]


def _sentences(told: PreviewDocument) -> Iterator[Line]:
    silent = told.coverage.without_facts
    yield [(f"  sentences  {told.coverage.sentences_with_facts} with facts, {len(silent)} without", "")]
    for span in silent:
        yield [(f"    - {cut(span.text)}", "yellow")]


def _records(told: PreviewDocument) -> Iterator[Line]:
    yield [(f"  records    {told.record_count} would be otherwise", "")]
    for one in told.records:
        yield from _record(one)
    if told.record_count > len(told.records):
        yield [(f"    and {told.record_count - len(told.records)} more", "")]


def _record(one: RecordChange) -> Iterator[Line]:
    sign, style = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}[one.change]
    yield [(f"    {sign} ", style), (f"{one.record.kind}/{one.record.slug} ", "bold"), (one.change, style)]
    for key in one.keys:
        yield from _key(key, one.change == "changed")


def _key(change: KeyChange, is_change: bool) -> Iterator[Line]:
    """What goes and what comes of a key: of a list or an object only the members that do."""
    before, after = _members(change.before), _members(change.after)
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    if not gone and not come and is_change:
        yield [(f"        {change.key}: in another order", "")]
    for sign, style, members in (("-", "red", gone), ("+", "green", come)):
        for member in members:
            yield [(f"        {sign} {change.key}: {cut(member)}", style)]


def _members(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if isinstance(value, dict) and "slug" not in value:
        return [f"{key} {_shown(one)}" for key, one in value.items()]
    return [_shown(value)]


def _shown(value: Any) -> str:
    """A value as a curator reads it: a reference as kind/slug, several in one object side by side."""
    if hasattr(value, "model_dump"):
        value = value.model_dump()
    if not isinstance(value, dict):
        return value if isinstance(value, str) else json.dumps(value)
    if "slug" in value:
        return f"{value['kind']}/{value['slug']}"
    return " ".join(_shown(one) for one in value.values() if one is not None)
