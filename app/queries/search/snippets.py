"""What of a record a search has found: the name, the text or the sentence that has the words, and where they stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.prepared import Prepared, Reader, Way
from app.queries.memory import Memory, remembered
from app.tables.evidence import ROLES, Citation, Claim, Entity, Source, current_claims
from app.vocabulary import MODALITIES, TEXTS
from app.words import beginning, found_in, highlights, whole, words

# Of an entity that whole libraries speak of, no more claims are looked at in each role.
_MOST_READ = 200
# Of how many claims by others than data sets it is remembered what they speak of.
_MOST_SPOKEN_OF = 20_000
# What has another character than these may have words that are not written there letter for letter (`app.words`).
_HAS_OTHERS = "*[^ -!#-&(-,.-_a-~]*"
_LONGEST, _BEFORE = 240, 80
_ROLES = ("subject_id", "object_id", "character_id")
_SHOWN = tuple(one for one in MODALITIES if one not in ("hoped", "negated"))


@dataclass(frozen=True)
class Fitting:
    """A name that was found: which of a record's it is, and where the words stand in it."""

    place: int
    text: str
    highlights: list[dict[str, int]]


def name_that_fits(names: Sequence[str], sought: Sequence[str]) -> Fitting:
    """The name that has the words best: is them, begins with them, has them; the label rather than another."""
    _, place = min((_fit(name, sought), place) for place, name in enumerate(names))
    name = names[place]
    spans = highlights(name, sought)
    if len(spans) < len(set(sought)) and (span := beginning(name, whole(" ".join(sought)))):
        spans = [span]
    return Fitting(place, name, [{"start": start, "end": end} for start, end in spans])


def name_found(names: Sequence[str], sought: Sequence[str]) -> dict[str, Any]:
    """The `matched`, `snippet`, `highlights` and `receipt` of a hit that was found by its names."""
    fits = name_that_fits(names, sought)
    matched = "alternate_name" if fits.place else "label"
    return {"matched": matched, "snippet": fits.text, "highlights": fits.highlights, "receipt": None}


def words_found(reader: Reader, known_as: Mapping[int, int], sought: Sequence[str]) -> dict[int, dict[str, Any]]:
    """The same of hits that were found by what is said of them. `known_as` is for each entity the hit that it is."""
    return {hit: _shown_of(reader, *best, sought) for hit, best in _best_quotes(reader, known_as, sought).items()}


def _shown_of(reader: Reader, told: "_Told | None", found: int, sought: Sequence[str]) -> dict[str, Any]:
    if told is None or not found:
        return {"matched": "evidence", "snippet": None, "highlights": [], "receipt": None}
    said = told.value if told.is_text else told.sentence
    spans = highlights(said, sought)
    start, end = _cut(said, spans)
    place = told.start, told.end
    if not told.is_text:
        begins = _start_of_sentence(reader, told)
        place = begins + start, begins + end
    shown = [{"start": a - start, "end": b - start} for a, b in spans if start <= a and b <= end]
    source = {
        "slug": told.slug, "title": told.title, "publisher": told.publisher, "published": told.published,
        "url": f"/sources/{told.slug}",
    }  # fmt: skip
    receipt = {"source": source, "start": place[0], "end": place[1]}
    matched = "text" if told.is_text else "evidence"
    return {"matched": matched, "snippet": said[start:end], "highlights": shown, "receipt": receipt}


class _Told(NamedTuple):
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


def _best_quotes(
    reader: Reader, known_as: Mapping[int, int], sought: Sequence[str]
) -> dict[int, tuple[_Told | None, int]]:
    """For each hit (the sentence or text that has most of the words, how many it has). Sentences first: they are the
    source's. Of sentences that have as many, the one whose quote has more of them, and what is said of the entity
    itself first.
    """
    best: dict[int, tuple[tuple[int, bool, int], _Told]] = {}
    wanted = len(sought)
    # One sentence states many things, and is looked at once.
    found_of = cache(lambda said: found_in(said, sought))
    # Data sets have no sentences: of what nothing else speaks of, only the texts need to be looked at.
    spoken = _spoken(reader)
    for role in ("", *_ROLES):
        unsure = [
            one
            for one, hit in known_as.items()
            if spoken.of(one) == bool(role) and (hit not in best or best[hit][0] < (wanted, True, wanted))
        ]
        for entity_id, told in _quotes(reader, unsure, role, sought):
            found = found_of(told.value if told.is_text else told.sentence)
            score = (found, not told.is_text, found_of(told.quote) if found and not told.is_text else 0)
            hit = known_as[entity_id]
            if hit not in best or score > best[hit][0]:
                best[hit] = (score, told)
    return {hit: (best[hit][1], best[hit][0][0]) if hit in best else (None, 0) for hit in known_as.values()}


class _Spoken(NamedTuple):
    """Which entities anything but data sets speaks of; of all, as it were, where they are very many."""

    is_of_all: bool
    ids: frozenset[int]

    def of(self, one: int) -> bool:
        return self.is_of_all or one in self.ids


_SPOKEN: Memory[_Spoken] = Memory(10_000_000, lambda spoken: 100 * len(spoken.ids))


def _spoken(reader: Reader) -> _Spoken:
    def find() -> _Spoken:
        rows = reader.rows(_SPOKEN_OF, most=_MOST_SPOKEN_OF)
        return _Spoken(len(rows) == _MOST_SPOKEN_OF, frozenset(one for row in rows for one in row if one))

    return remembered(_SPOKEN, reader, "", find)


def _quotes(reader: Reader, ids: Sequence[int], role: str, sought: Sequence[str]) -> Iterator[tuple[int, _Told]]:
    """(the entity, a quote) of the first claims of each in that role, in the order of the index that finds them.

    Without a role, the texts of each, as far as they may have one of the words.
    """
    like = {} if role else {"like": f"%{sought[0]}%" if len(sought) == 1 else "%"}
    rows = reader.rows(_QUOTES[role], ids=ids, **like) if ids else ()
    for entity_id, _, _, is_text, value, sentence, *told in sorted(rows, key=itemgetter(2, 1)):
        if is_text:
            yield entity_id, _Told(True, value, sentence or "", *told)
        if sentence:
            yield entity_id, _Told(False, "", sentence, *told)


def _quotes_query(way: Way, role: str) -> Any:
    is_text = and_(
        col(Claim.property).in_(TEXTS), col(Claim.modality).in_(_SHOWN), func.coalesce(col(Claim.value), "") != ""
    )
    is_shown = or_(is_text, func.coalesce(col(Citation.sentence), "") != "") if role else and_(is_text, _may_have(way))
    return (
        select(
            col(Entity.id).label("entity_id"), col(Claim.id).label("claim_id"), col(Claim.property),
            is_text.label("is_text"), col(Claim.value), col(Citation.sentence), col(Citation.exact),
            col(Citation.start), col(Citation.end), col(Source.id).label("source_id"),
            col(Source.slug), col(Source.title), col(Source.publisher), col(Source.published),
        )
        .select_from(Entity)
        .join(Claim, col(Claim.id).in_(_first_claims(role)) if role else col(Claim.subject_id) == col(Entity.id))
        .join(Citation, col(Citation.claim_id) == col(Claim.id))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Entity.id).in_(way.among("ids")), current_claims(), col(Citation.role) == "quote", is_shown)
    )  # fmt: skip


def _may_have(way: Way) -> Any:
    """Whether a text has the letters of `like`, or any that may amount to them; what it is from is then not read."""
    has_others = col(Claim.value).op("GLOB")(_HAS_OTHERS) if way.dialect == "sqlite" else true()
    return or_(has_others, col(Claim.value).like(bindparam("like", required=False)))


def _first_claims(role: str) -> Any:
    claim: Any = aliased(Claim)
    order = ("id",) if role == "character_id" else ("property", "id")
    first = select(claim.id).where(getattr(claim, role) == col(Entity.id))
    return first.order_by(*(getattr(claim, one) for one in order)).limit(_MOST_READ).correlate(Entity)


_SPOKEN_OF = Prepared(
    lambda _: (
        select(*ROLES.values())
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Source.dataset).is_(None))
        .limit(bindparam("most"))
    )
)
_QUOTES = {role: Prepared(partial(_quotes_query, role=role)) for role in ("", *_ROLES)}


def _piece(_: Way) -> Select[Any]:
    piece = func.substr(col(Source.text), bindparam("first", type_=Integer) + 1, bindparam("length", type_=Integer))
    return select(piece).where(col(Source.id) == bindparam("source_id"))


_PIECE = Prepared(_piece)


def _start_of_sentence(reader: Reader, told: _Told) -> int:
    """Where the sentence begins in its source's text, of which no more is read than what it may lie in."""
    at, length = told.start or 0, len(told.sentence)
    first = max(0, at - length)
    ((around,),) = reader.rows(_PIECE, source_id=told.source_id, first=first, length=at - first + length)
    return first + str(around).rfind(told.sentence, 0, at - first + length)


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The part of a text that is shown: all of a short one, else what stands around the first words.

    It is cut between words; where no blank is near, as in an address or in Japanese, anywhere.
    """
    if len(text) <= _LONGEST:
        return 0, len(text)
    first, last = spans[0] if spans else (0, 0)
    start = max(0, min(first - _BEFORE, len(text) - _LONGEST))
    end = start + _LONGEST
    if start:
        start = max(start, text.find(" ", start, first) + 1)
    if end < len(text) and (blank := text.rfind(" ", last, end)) > 0:
        end = blank
    return start, end


def _fit(name: str, sought: Sequence[str]) -> tuple[int, int]:
    """How well a name fits, least is best: it is the words, begins with them, does but for blanks, or has some."""
    said = words(name)
    spaced, asked, all_of_it, joined = " ".join(said), " ".join(sought), "".join(said), "".join(sought)
    fits = (spaced == asked, spaced.startswith(asked), all_of_it == joined, all_of_it.startswith(joined))
    return (fits.index(True), 0) if any(fits) else (len(fits), -found_in(name, sought))
