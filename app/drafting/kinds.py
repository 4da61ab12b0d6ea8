"""Of which kind a name is that the base does not hold, judged by what stands in it and around it. Pure.

What tells the kinds apart is data, `lexicon/kinds.yaml`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from app.drafting.rules import KindCues, kind_cues
from app.vocabulary import Kind

_WORD = re.compile(r"[^\W_]+(?:[’'.\-/@&][^\W_]+)*")
# "X is a 1936 British film", "X, a veteran cosmonaut", "X (born 1950), the agency".
_TOLD_AFTER = re.compile(
    r"[_”\"’']*(?: \([^()\n]{0,80}\))?(?:,? (?:is|was|were|are|became)|,)(?: also| once)? (?:(?:an?|the|one of the) )?"
    r"(?P<what>[^.;:,()\n]{2,90})"
)
_TOLD_BEFORE = re.compile(r"(?P<what>[\w’'-]+),? [“\"_]?$")
_AFTER_HEAD = re.compile(
    r" (?:of|in|on|for|from|by|with|that|which|who|to|at|based|directed|written|starring|produced|and|known"
    r"|[a-z]+ing (?:the|an?|its|his|her|their))\b"
)
_FOLLOWING = re.compile(r" (?P<what>[a-z-]+)\b")
_CREDITED = re.compile(
    r"\b(?:(?:directed|written|played|portrayed|narrated|voiced|composed) by|starring|stars|featuring|features) $"
)
_PLAYS = re.compile(r" (?:as [A-Z]|\(as\b)")
_PERSON_WORD = re.compile(r"(?:[A-Z][\w.’']*(?:-[A-Z][\w.’']*)*|de|da|la|van|von|der|den|bin|al|el|di|du|del)")
_WITH_INITIALS = re.compile(r"(?:[A-Z]\. )+[A-Z][\w’'-]+")
_LABEL, _HEAD, _PART, _FORM, _SHAPE, _NEAR, _CERTAIN = 1.0, 3.0, 3.0, 5.0, 0.5, 0.75, 9.0
_MOST_LABELS = 2.0
_ENOUGH = 1.0
_PREPOSITION = re.compile(r"\b(?:in|at|near|from|to) (?:the )?$")
_AS = re.compile(
    r"(?:[A-Z][\w.’'-]+|\)) as (?:(?:Captain|Capt|Chief|Col|Lt|Gen|Dr|Mr|Mrs|Ms|Detective|Agent|Admiral|the)\b\.? )*$"
)
_PLAYED_BY = re.compile(r",? (?:\(|is |was )?(?:played|portrayed|voiced) by\b")
_ACTS = re.compile(r",? (?:who|said|says|told|added|explained|was born|\(born|plays|played|directed|stars|starred)\b")


@dataclass(frozen=True)
class Seen:
    """A place where a name stands, and what the model takes it for there."""

    start: int
    end: int
    label: str


def kind_of_name(text: str, name: str, seen: Iterable[Seen]) -> tuple[Kind | None, float]:
    """(the kind that most speaks for, how much does); None where nothing does enough."""
    places = list(seen)
    if any(place.label == "PUBLISHER" for place in places):
        return "organisation", _CERTAIN
    if any(_is_played(text, place) for place in places):
        return "character", _CERTAIN
    points = {
        kind: _of_name(name, cues, kind) + _around(text, places, cues, kind) for kind, cues in kind_cues().items()
    }
    best = max(points, key=lambda kind: points[kind])
    return (best if points[best] >= _ENOUGH else None), points[best]


def is_film(what: str) -> bool:
    """Whether a phrase, such as "1936 British film directed by", is about a film."""
    return _head(what) in kind_cues()["film"].heads


def _is_played(text: str, place: Seen) -> bool:
    """Whether somebody is said to play this one: X as Y, Y (played by X)."""
    before = text[max(0, place.start - 50) : place.start]
    return bool(_AS.search(before) or _PLAYED_BY.match(text, place.end))


def _of_name(name: str, cues: KindCues, kind: Kind) -> float:
    words = [word.rstrip(".") for word in _WORD.findall(name)]
    points = _FORM if any(pattern.fullmatch(name) for pattern in _forms(cues.forms)) else 0.0
    if len(words) > 1:
        points += _PART if words[-1] in cues.last else 0
        points += _PART if words[0] in cues.first else 0
    if kind == "person":
        is_like = 2 <= len(words) <= 4 and all(_PERSON_WORD.fullmatch(word) for word in name.split())
        points += _SHAPE if is_like else -_LABEL
        points += _HEAD if _WITH_INITIALS.fullmatch(name) else 0
    return points


def _around(text: str, places: Sequence[Seen], cues: KindCues, kind: Kind) -> float:
    """What speaks for a kind at all the places of a name; what stands around it counts at two of them."""
    labels = sum(_LABEL for place in places if place.label in cues.labels)
    said = sorted((_at(text, place, cues, kind) for place in places), reverse=True)
    return min(labels, _MOST_LABELS) + sum(said[:2])


def _at(text: str, place: Seen, cues: KindCues, kind: Kind) -> float:
    points = 0.0
    after, before = text[place.end : place.end + 140], text[max(0, place.start - 30) : place.start]
    if (told := _TOLD_AFTER.match(after)) and _head(told["what"]) in cues.heads:
        points += _HEAD
    if (leading := _TOLD_BEFORE.search(before)) and leading["what"].lower().rpartition("-")[2] in cues.heads:
        points += _HEAD
    if kind == "person" and (_ACTS.match(after) or _PLAYS.match(after) or _CREDITED.search(before)):
        points += _HEAD
    if kind == "organisation" and (who := _FOLLOWING.match(after)) and who["what"] in kind_cues()["person"].heads:
        points += _HEAD
    if kind == "place" and _PREPOSITION.search(before):
        points += _NEAR
    return points


def _head(phrase: str) -> str:
    """The noun that a phrase is about: `film` of "1936 British film directed by"."""
    words = _WORD.findall(_AFTER_HEAD.split(phrase, maxsplit=1)[0])
    return words[-1].lower() if words else ""


@cache
def _forms(forms: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form) for form in forms)
