"""What a draft proposes, and the gate that each proposal goes through by itself. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.loading.gate import Gate
from app.loading.header import SeedSource
from app.loading.seed import Quote, Seed, SeedClaim
from app.passages import occurrences

_MOST_QUOTES = 3
_PAIRS = (("“", "”"), ("‘", "’"), ("(", ")"))


@dataclass(frozen=True)
class Proposal:
    """A claim that somebody may make, what proposes it, and the place in the text that it is about."""

    claim: SeedClaim
    by: str
    at: int


@dataclass(frozen=True)
class Rejected:
    """A proposal that the gate refuses, and why."""

    proposal: Proposal
    reasons: tuple[str, ...]


def quote_of(text: str, start: int, end: int, within: tuple[int, int]) -> Quote:
    """The words from `start` to `end`, and as many beside them in their sentence as it takes to be at one place only.

    Where the whole sentence is not enough, its words and the number of their occurrence.
    """
    first, last = within
    while start > first and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < last and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    is_left = True
    while not _is_single(text, start, end) and (start, end) != (first, last):
        if (is_left and start > first) or end == last:
            start = max(first, text.rfind(" ", first, max(first, start - 1)) + 1)
        else:
            after = text.find(" ", end + 1, last)
            end = last if after == -1 else after
        is_left = not is_left
    start, end = _with_marks(text, start, end)
    exact = text[start:end]
    if _is_single(text, start, end):
        shorter = exact.rstrip(",.;:")
        return Quote(exact=shorter if shorter and _is_single(text, start, start + len(shorter)) else exact)
    places = occurrences(text, exact)
    return Quote(exact=exact, occurrence=places.index(start) + 1 if start in places else 1)


def closed(text: str, start: int, end: int) -> int:
    """The end of words, with the mark behind them that closes what one of them opens."""
    words = text[start:end]
    is_open = any(
        words.count(opening) > words.count(closing) and text[end : end + 1] == closing for opening, closing in _PAIRS
    )
    return end + is_open


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """With the mark beside it of what would be cut through: the first of `_Low Tide_ is a film`."""
    if text.count("_", start, end) % 2 and text[start - 1 : start] == "_":
        return start - 1, end
    if text.count("_", start, end) % 2 and text[end : end + 1] == "_":
        return start, end + 1
    return start, closed(text, start, end)


def sifted(
    text: str, source: SeedSource, proposals: Sequence[Proposal], held: Mapping[str, frozenset[str]]
) -> tuple[list[Proposal], list[Rejected]]:
    """(what passes the gate, what it refuses and why): claims that lean on a refused one are refused as well."""
    left, rejected = _joined(proposals), list[Rejected]()
    while left:
        reasons: dict[int, list[str]] = {}
        gate = Gate(_as_seed(text, source, left, held), held)
        gate.judge()
        for problem in (one for one in gate.problems if one.number):
            reasons.setdefault(problem.number - 1, []).append(problem.message)
        if not reasons:
            break
        rejected += [Rejected(left[index], tuple(told)) for index, told in sorted(reasons.items())]
        left = [one for index, one in enumerate(left) if index not in reasons]
    return left, rejected


def entities_of(proposals: Iterable[Proposal]) -> list[str]:
    """Whom and what proposals speak of, in their order."""
    named = [
        one
        for proposal in proposals
        for one in (
            proposal.claim.subject,
            proposal.claim.object,
            proposal.claim.qualifiers.get("character"),
        )
    ]
    return list(dict.fromkeys(one for one in named if one))


def _is_single(text: str, start: int, end: int) -> bool:
    exact = text[start:end]
    first = text.find(exact)
    return first == start and text.find(exact, first + 1) == -1


def _joined(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Proposals that say the same as one, with the quotes of each; a name before what is said of whoever has it."""
    joined: dict[tuple[object, ...], Proposal] = {}
    for one in proposals:
        claim = one.claim
        key = (
            claim.subject, claim.property, claim.value, claim.object, claim.modality, tuple(claim.qualifiers.items()),
        )  # fmt: skip
        if (first := joined.get(key)) is None:
            joined[key] = one
            continue
        quotes = first.claim.quote
        is_like = (claim.inference, claim.phrase) == (first.claim.inference, first.claim.phrase)
        if is_like and not claim.introduced_by and len(quotes) < _MOST_QUOTES and claim.quote[0] not in quotes:
            told = first.claim.model_copy(update={"quote": (*quotes, *claim.quote)})
            joined[key] = replace(first, claim=told)
    # Whom somebody plays is said in one claim, and not once more without it.
    played = {(one.claim.subject, one.claim.object) for one in joined.values() if one.claim.qualifiers}
    return [
        one
        for one in joined.values()
        if one.claim.property != "cast" or one.claim.qualifiers or (one.claim.subject, one.claim.object) not in played
    ]


def _as_seed(text: str, source: SeedSource, proposals: Sequence[Proposal], held: Mapping[str, frozenset[str]]) -> Seed:
    """The proposals as a source, the line of each being its number; whoever has no name is not among the entities."""
    named = {one.claim.subject for one in proposals if one.claim.property in ("name", "label")}
    entities = [one for one in entities_of(proposals) if one in named or one in held]
    numbers = tuple(range(1, len(proposals) + 1))
    return Seed(
        slug="draft",
        text=text,
        source=source,
        entities=tuple(entities),
        claims=tuple(one.claim for one in proposals),
        entity_lines=(0,) * len(entities),
        claim_lines=numbers,
        claim_numbers=numbers,
    )
