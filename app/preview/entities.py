"""Entities that a file would introduce, held against those that are held already: they may be the same."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from app.documents.evidence import Ref
from app.documents.preview import EntityPreview, Likeness, Lookalike
from app.documents.search import Suggestion
from app.loading.examining import Examined
from app.loading.fitting import kind_of
from app.queries.search import suggest
from app.spelling import can_be_corrected, difference, romanised, tolerated
from app.vocabulary import PROPER_NAMES, Kind
from app.words import words

_HINT = "Use {held} in the file, or load it and then `filmspace merge {new} {held}`, if they are the same."
# What may be between two words that are taken for one: a slip, and a common transliteration.
_NEAR = 3
# Of names of one entity, and of records that one is like.
_MOST_NAMES, _MOST_ALIKE = 5, 3


def introduced(connection: Connection, examined: Examined) -> list[EntityPreview]:
    """The declared entities that are not held, each with the records that it is like."""
    found, same = [], {one.entity: one.held for one in examined.judged.same}
    for entity in dict.fromkeys(examined.seed.entities):
        if entity not in examined.held.ids:
            names = _names(examined, entity)
            alike = {one.record.url: one for name in reversed(names) for one in _alike(connection, entity, name)}
            lookalikes = [] if entity in same else list(alike.values())[:_MOST_ALIKE]
            told = EntityPreview(entity=entity, names=names, same_as=same.get(entity), lookalikes=lookalikes)
            found.append(told)
    return found


def _names(examined: Examined, entity: str) -> list[str]:
    """What the file calls an entity: its names, or else its label."""
    aliases = [one for note in examined.seed.notes if note.id == entity for one in note.aliases]
    said = [claim for claim in examined.seed.claims if claim.subject == entity and claim.value]
    for properties in (PROPER_NAMES, ("label",)):
        if names := [claim.value or "" for claim in said if claim.property in properties]:
            return list(dict.fromkeys([*names, *aliases]))[:_MOST_NAMES]
    return aliases[:_MOST_NAMES]


def _alike(connection: Connection, entity: str, name: str) -> Iterator[Lookalike]:
    kind = kind_of(entity)
    for sought in _sought(kind, name):
        _, suggestions = suggest(connection, sought, (kind,))
        for one in map(Suggestion.model_validate, suggestions):
            if likeness := _likeness(kind, name, one.name, is_label=one.name == one.label):
                held = f"{one.kind}/{one.slug}"
                ref = Ref(kind=one.kind, slug=one.slug, label=one.label, url=one.url)
                hint = _HINT.format(held=held, new=entity)
                yield Lookalike(record=ref, name=one.name, likeness=likeness, hint=hint)


def _sought(kind: Kind, name: str) -> Iterable[str]:
    """What to look for: the name in Latin letters, and a person's without what stands between the first and last."""
    latin = romanised(name)
    yield latin
    each = latin.split()
    if kind == "person" and len(each) > 2:
        yield f"{each[0]} {each[-1]}"


def _likeness(kind: Kind, name: str, held: str, *, is_label: bool) -> Likeness | None:
    if words(name) == words(held):
        return "name" if is_label else "alias"
    one, other = words(romanised(name)), words(romanised(held))
    is_brought_over = romanised(name) != name or romanised(held) != held
    if one == other or _are_near(one, other) or (kind == "person" and _are_near(_ends(one), _ends(other))):
        return "transliteration" if is_brought_over else "spelling"
    return None


def _ends(name: list[str]) -> list[str]:
    """The first and the last word: what is between may be left out of the name of a person."""
    return [name[0], name[-1]] if len(name) > 1 else []


def _are_near(one: list[str], other: list[str]) -> bool:
    return bool(one) and len(one) == len(other) and all(map(_is_near, one, other))


def _is_near(one: str, other: str) -> bool:
    """Whether two words are spellings of one; numbers are not."""
    if one == other:
        return True
    is_word = can_be_corrected(one) and can_be_corrected(other)
    return is_word and difference(one, other) <= min(tolerated(one), tolerated(other), _NEAR)
