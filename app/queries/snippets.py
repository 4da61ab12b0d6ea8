"""What of a record a search has found: the name, the text or the sentence that has the words, and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from app.documents.evidence import SourceRef
from app.documents.search import Highlight, Receipt
from app.tables.evidence import Citation, Claim, Source, current_claims
from app.vocabulary import MODALITIES, NAMES, PROPERTIES
from app.words import beginning, found_in, highlights, whole, words

# Of an entity that whole libraries speak of, no more quotes are looked at in each role.
_MOST_READ = 200
_LONGEST, _BEFORE = 240, 80
_ROLES = (col(Claim.subject_id), col(Claim.object_id), col(Claim.character_id))
_TEXTS = tuple(p.name for p in PROPERTIES.values() if p.value_type == "text" and p.name not in NAMES)
_SHOWN = tuple(one for one in MODALITIES if one not in ("hoped", "negated"))


@dataclass(frozen=True)
class Fitting:
    """A name that was found: which of a record's it is, and where the words stand in it."""

    place: int
    text: str
    highlights: list[Highlight]


def name_that_fits(names: Sequence[str], sought: Sequence[str]) -> Fitting:
    """The name that has the words best: is them, begins with them, has them; the label rather than another."""
    _, place = min((_fit(name, sought), place) for place, name in enumerate(names))
    name = names[place]
    spans = highlights(name, sought)
    if len(spans) < len(set(sought)) and (span := beginning(name, whole(" ".join(sought)))):
        spans = [span]
    return Fitting(place, name, [Highlight(start=start, end=end) for start, end in spans])


def name_found(names: Sequence[str], sought: Sequence[str]) -> dict[str, Any]:
    """The `matched`, `snippet`, `highlights` and `receipt` of a hit that was found by its names."""
    fits = name_that_fits(names, sought)
    matched = "alternate_name" if fits.place else "label"
    return {"matched": matched, "snippet": fits.text, "highlights": fits.highlights, "receipt": None}


def words_found(connection: Connection, known_as: Sequence[int], sought: Sequence[str]) -> dict[str, Any]:
    """The same of a hit that was found by what is said of it, as whatever entities it is known."""
    told, found = _best_quote(connection, known_as, sought)
    if told is None or not found:
        return {"matched": "evidence", "snippet": None, "highlights": [], "receipt": None}
    if told.is_text:
        start, end = _cut(told.value, sought)
        snippet, place = told.value[start:end], (told.start, told.end)
    else:
        begins = _start_of_sentence(connection, told)
        start, end = _cut(told.sentence, sought)
        snippet, place = told.sentence[start:end], (begins + start, begins + end)
    spans = [Highlight(start=a, end=b) for a, b in highlights(snippet, sought)]
    source = SourceRef(
        slug=told.slug,
        title=told.title,
        publisher=told.publisher,
        published=told.published,
        url=f"/sources/{told.slug}",
    )
    receipt = Receipt(source=source, start=place[0], end=place[1])
    matched = "text" if told.is_text else "evidence"
    return {"matched": matched, "snippet": snippet, "highlights": spans, "receipt": receipt}


@dataclass(frozen=True)
class _Told:
    """A quote that speaks of the entity: with `is_text` the value that it states, else the sentence it stands in."""

    is_text: bool
    value: str
    sentence: str
    quote: str
    start: int | None
    end: int | None
    source_id: int
    slug: str
    title: str | None
    publisher: str | None
    published: str | None


def _best_quote(connection: Connection, known_as: Sequence[int], sought: Sequence[str]) -> tuple[_Told | None, int]:
    """(the sentence or text that has most of the words, how many it has). Sentences first: they are the source's.

    Of sentences that have as many, the one whose quote has more of them, and what is said of the entity itself first.
    """
    best: tuple[tuple[int, bool, int], _Told] | None = None
    wanted = len(sought)
    # One sentence states many things, and is looked at once.
    found_of = cache(lambda said: found_in(said, sought))
    for role in _ROLES:
        for told in (one for entity_id in known_as for one in _quotes(connection, entity_id, role)):
            said = told.value if told.is_text else told.sentence
            found = found_of(said)
            score = (found, not told.is_text, found_of(told.quote) if found and not told.is_text else 0)
            if best is None or score > best[0]:
                best = (score, told)
        if best and best[0] >= (wanted, True, wanted):
            break
    return (best[1], best[0][0]) if best else (None, 0)


def _quotes(connection: Connection, entity_id: int, role: Any) -> list[_Told]:
    # In the order of the index, so that reading stops after so many.
    order = (col(Claim.id),) if role is _ROLES[2] else (col(Claim.property), col(Claim.id))
    query: Any = (
        select(
            col(Claim.property), col(Claim.value), col(Claim.modality), col(Citation.sentence), col(Citation.exact),
            col(Citation.start), col(Citation.end), col(Source.id).label("source_id"), col(Source.slug),
            col(Source.title), col(Source.publisher), col(Source.published),
        )
        .select_from(Claim)
        .join(Citation, col(Citation.claim_id) == col(Claim.id))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(role == entity_id, current_claims(), col(Citation.role) == "quote")
        .order_by(*order)
        .limit(_MOST_READ)
    )  # fmt: skip
    found: list[_Told] = []
    for row in connection.execute(query):
        source = (row.source_id, row.slug, row.title, row.publisher, row.published)
        if row.value and row.property in _TEXTS and row.modality in _SHOWN:
            found.append(_Told(True, row.value, row.sentence or "", row.exact, row.start, row.end, *source))
        if row.sentence:
            found.append(_Told(False, "", row.sentence, row.exact, row.start, row.end, *source))
    return found


def _start_of_sentence(connection: Connection, told: _Told) -> int:
    """Where the sentence begins in its source's text, of which no more is read than what it may lie in."""
    at, length = told.start or 0, len(told.sentence)
    first = max(0, at - length)
    piece = func.substr(col(Source.text), first + 1, at - first + length)
    around: str = connection.execute(select(piece).where(col(Source.id) == told.source_id)).scalar_one()
    return first + around.rfind(told.sentence, 0, at - first + length)


def _cut(text: str, sought: Sequence[str]) -> tuple[int, int]:
    """The part of a text that is shown: all of a short one, else what stands around the first words, in whole words."""
    if len(text) <= _LONGEST:
        return 0, len(text)
    spans = highlights(text, sought)
    start = max(0, min(spans[0][0] - _BEFORE if spans else 0, len(text) - _LONGEST))
    end = start + _LONGEST
    if start:
        start = text.find(" ", start, end) + 1
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return start, end


def _fit(name: str, sought: Sequence[str]) -> tuple[int, int]:
    """How well a name fits, least is best: it is the words, begins with them, does but for blanks, or has some."""
    spaced, asked, joined = " ".join(words(name)), " ".join(sought), whole(" ".join(sought))
    fits = (spaced == asked, spaced.startswith(asked), whole(name) == joined, whole(name).startswith(joined))
    return (fits.index(True), 0) if any(fits) else (len(fits), -found_in(name, sought))
