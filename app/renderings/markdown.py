"""Markdown (CommonMark): texts of sources that stay texts, links, and footnotes. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from app.documents.evidence import Evidence
from app.renderings.nodes import Absolute

# A page may be read in a terminal, which these would steer.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# What can begin markup within a line, in CommonMark or in the usual extensions.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#&~|$!^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What can begin a block where it opens a line.
_OPENING = re.compile(r"^(?:(?=[-+=:])|(?P<number>[0-9]+)(?=[.)]))")


def text(told: str) -> str:
    """Any text on one line, such that it is read as just that text."""
    line = _CONTROL.sub("\ufffd", re.sub(r"\s+", " ", told)).strip()
    escaped = _SPECIAL.sub(r"\\\g<0>", line)
    return _OPENING.sub(lambda found: f"{found['number'] or ''}\\", escaped)


def link(label: str, url: str) -> str:
    """A link to a URL of ours, which has no character that Markdown could take for its own."""
    return f"[{text(label)}]({url})"


def page(title: str, *blocks: str) -> str:
    """A page with its title, and whatever blocks there are."""
    return "\n\n".join([f"# {text(title)}", *(block for block in blocks if block)]) + "\n"


class Footnotes:
    """The notes of a page: one for each sentence of a source, however often it is referred to."""

    def __init__(self, absolute: Absolute) -> None:
        self._absolute = absolute
        self._notes: dict[str, int] = {}

    def marks(self, facts: list[Mapping[str, Any]]) -> str:
        """The references to the words that say these facts; "" where there are none."""
        notes = [self._note(one) for fact in facts for one in fact["evidence"] if one["role"] != "context"]
        numbers = [self._notes.setdefault(note, len(self._notes) + 1) for note in notes]
        return "".join(f" [^{number}]" for number in dict.fromkeys(numbers))

    def block(self) -> str:
        """All notes, in the order in which they were first referred to."""
        return "\n".join(f"[^{number}]: {note}" for note, number in self._notes.items())

    def _note(self, evidence: Mapping[str, Any]) -> str:
        source = evidence["source"]
        said = evidence["sentence"] or evidence["quote"]
        # The line ends with a URL, so that no reader can take it for the definition of a link with a title.
        if evidence["role"] == "note":
            words = f"{text(said)}, noted by {text(evidence['attributed_to'])}, not by the source itself"
        else:
            words = f'"{text(said)}"' if said else f"Record {text(Evidence.model_validate(evidence).record())}"
        known = [text(one) for one in (source["publisher"], source["title"], source["published"]) if one]
        return f"{words} — {', '.join([*known, '<' + self._absolute(source['url']) + '>'])}"
