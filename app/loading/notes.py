"""What a curator notes of the entities of a file beside its claims: identifiers elsewhere, and other names.

No words of the article say so. Each note is a claim all the same, which everybody can see and question: reported, from
the curator, with the line of the file instead of a quote (decision 0025).
"""

from collections.abc import Iterator, Mapping

from app.loading.fitting import ReadyClaim, stated
from app.loading.header import CLAIMS
from app.loading.problems import Problem
from app.loading.seed import Seed, SeedEntity
from app.values import fingerprint
from app.vocabulary import HAPPENED, ValueType

CURATOR = "the curator"


def noted(seed: Seed, claimed: Mapping[str, int]) -> tuple[list[ReadyClaim], list[Problem]]:
    """(the notes as claims that can be stored, what is wrong with the others).

    `claimed` has the facts that the claims of the file state, each with the number of the claim.
    """
    ready: dict[str, ReadyClaim] = {}
    problems: list[Problem] = []
    lines = dict(zip(seed.entities, seed.entity_lines, strict=True))
    for entity in seed.notes:
        for name, value_type, told in _told(entity):
            try:
                claim = _claim(entity.id, name, stated(entity.id, value_type, told))
            except ValueError as error:
                problems.append(Problem(CLAIMS, lines[entity.id], "", f"of {entity.id}: {error}"))
                continue
            if claim.fingerprint in claimed or claim.fingerprint in ready:
                says = f"what is noted of {entity.id}, {told}, is claimed already; leave it out there"
                problems.append(Problem(CLAIMS, lines[entity.id], "", says))
            ready[claim.fingerprint] = claim
    return list(ready.values()), problems


def identifiers_of(seed: Seed) -> dict[str, list[str]]:
    """The identifiers that a file gives to each entity, by notes or by claims that can become values."""
    told = [(entity.id, one) for entity in seed.notes for one in entity.identifiers]
    told += [
        (claim.subject, claim.value)
        for claim in seed.claims
        if claim.property == "identifier" and claim.value
        if claim.modality in HAPPENED and claim.rank != "deprecated"
    ]
    found: dict[str, list[str]] = {}
    for entity, one in told:
        found.setdefault(entity, []).append(one.strip())
    return found


def _told(entity: SeedEntity) -> Iterator[tuple[str, ValueType, str]]:
    """The property that each note states, the type of its values, and the value."""
    for one in entity.identifiers:
        yield "identifier", "identifier", one
    for one in entity.aliases:
        yield "alternate_name", "text", one


def _claim(entity: str, name: str, value: str) -> ReadyClaim:
    return ReadyClaim(
        fingerprint=fingerprint(entity, name, value, {}, "reported"), subject=entity, property=name, value=value,
        object=None, character=None, qualifiers="{}", modality="reported", inference="none", phrase=None,
        attributed_to=CURATOR, rank="normal", quotes=(), contexts=(), note=value,
    )  # fmt: skip
