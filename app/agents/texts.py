"""The answers of the tools as text: a few lines, each with the numbers of its quotes, and then the quotes. Pure.

What sources wrote stands within one line, quoted or without numbers in brackets, so that none of it can pass for a line
of the answer or for a quote of another source.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.agents.shapes import (
    CheckAnswer,
    EntityAnswer,
    FactsAnswer,
    Quote,
    SearchAnswer,
    SourceAnswer,
    Statement,
    Value,
)
from app.documents.evidence import Evidence, FactDocument, Quantity, Ref
from app.documents.search import Receipt

_QUOTES_OF_ONE = 3
_SENSES = {
    "asserted": "", "reported": "reported, not asserted", "planned": "PLANNED, not known to have happened",
    "hoped": "only HOPED", "negated": "DENIED", "fictional": "true only in a film",
}  # fmt: skip
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_NUMBER = re.compile(r"\[\s*(\d+)\s*\]")
_STATES = {"planned": "PLANNED", "disputed": "DISPUTED, see get_facts", "slipped": "was planned otherwise"}


class Numbering:
    """Numbers for quotes: the same words at the same place have the same number. URLs begin with `base`."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.quotes: dict[tuple[str, int | None, str], Quote] = {}

    def url(self, path: str) -> str:
        """The URL of a path of the API, or the path where nobody knows the host."""
        return f"{self.base}{path}"

    def of(self, evidence: Iterable[Evidence]) -> list[int]:
        """The numbers of the words that say one thing; a few, if many sources say it."""
        quoted = [one for one in evidence if one.role == "quote"]
        return [self.add(one.quote, one, record=one.record()) for one in quoted[:_QUOTES_OF_ONE]]

    def add(self, words: str, place: Evidence | Receipt, *, record: str = "") -> int:
        """The number of these words of a source, or of a record of it that has none."""
        source = place.source
        key = (source.slug, place.start, words or record)
        if key not in self.quotes:
            self.quotes[key] = Quote(
                number=len(self.quotes) + 1, quote=words or None, record=None if words else record, source=source.slug,
                publisher=source.publisher, published=source.published, start=place.start, end=place.end,
                url=self.url(source.url),
            )  # fmt: skip
        return self.quotes[key].number

    def statement(self, fact: FactDocument) -> Statement:
        """A fact with its quotes numbered."""
        return Statement(
            subject=f"{fact.subject.kind}/{fact.subject.slug}", subject_label=fact.subject.label,
            property=fact.property, value=fact.value, qualifiers=fact.qualifiers, modality=fact.modality,
            inference=fact.inference, attributed_to=fact.attributed_to, source_count=fact.source_count,
            publisher_count=fact.publisher_count, quotes=self.of(fact.evidence), url=self.url(fact.url),
        )  # fmt: skip

    def all(self) -> list[Quote]:
        """The quotes in the order of their numbers."""
        return list(self.quotes.values())


def value_text(value: Any) -> str:
    """A value of a fact or of a record in words; what is a record with its kind/slug."""
    if isinstance(value, Ref | Quantity):
        value = value.model_dump()
    if not isinstance(value, Mapping):
        return str(value)
    if {"kind", "slug"} <= value.keys():
        return f"{value['label']} ({value['kind']}/{value['slug']})"
    if value.keys() == {"amount", "unit"}:
        return f"{value['amount']} {value['unit']}"
    main, *others = value.items()
    more = "".join(f", {key}: {value_text(one)}" for key, one in others if one is not None)
    return f"{value_text(main[1])}{more}"


def flat(text: str) -> str:
    """The text on one line, with nothing in it that looks like the number of a quote."""
    return _NUMBER.sub(r"(\1)", _on_one_line(text))


def _on_one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()


def _quoted(text: str) -> str:
    """The text on one line within quotation marks, which none of its own can end."""
    return json.dumps(_on_one_line(text), ensure_ascii=False)


def search_text(answer: SearchAnswer) -> str:
    """What a search found, a line for each record."""
    if not answer.results:
        return "Nothing is found. That means that no source here speaks of it under these words, and nothing else."
    asked = f"Nothing has exactly these words; this is for {_quoted(answer.corrected or '')}."
    instead = f"{flat(asked)} " if answer.corrected else ""
    lines = [f"{instead}{len(answer.results)} of {answer.count} records, the best first:"]
    for one in answer.results:
        other = f", found as {_quoted(one.name)}" if one.name else ""
        lines.append(f"{flat(f'- {one.entity}: {one.label}{other}')}{_numbers(one.quotes)}")
    return "\n".join([*lines, *_quote_lines(answer.quotes)])


def entity_text(answer: EntityAnswer) -> str:
    """A record, a line for each key that has a value."""
    lines = [flat(f"{answer.entity}: {answer.label} | {answer.url}"), *map(_value_line, answer.values)]
    if answer.not_values:
        lines += ["Said, but no values of it:", *(_statement_line(one) for one in answer.not_values)]
    if more := answer.not_values_count - len(answer.not_values):
        lines.append(f"… and {more} more, see get_facts with a modality.")
    return "\n".join([*lines, "What is not listed is unknown, not false.", *_quote_lines(answer.quotes)])


def facts_text(answer: FactsAnswer) -> str:
    """Facts, a line for each."""
    if not answer.count:
        return "No fact is found. That means that no source here says so, not that it is false."
    if not answer.facts:
        return f"There are {answer.count} facts, and the offset is beyond the last of them."
    lines = [f"{len(answer.facts)} of {answer.count} facts:", *map(_statement_line, answer.facts)]
    if answer.next_offset is not None:
        lines.append(f"There are more: offset={answer.next_offset}.")
    return "\n".join([*lines, *_quote_lines(answer.quotes)])


def check_text(answer: CheckAnswer) -> str:
    """A verdict with the facts that decide it."""
    disputed = " DISPUTED: another source speaks against it." if answer.is_disputed else ""
    lines = [flat(f"{answer.verdict}: {answer.explanation}{disputed}"), *map(_statement_line, answer.facts)]
    if answer.context:
        lines += ["Also said on it:", *map(_statement_line, answer.context)]
    return "\n".join([*lines, *_quote_lines(answer.quotes)])


def source_text(answer: SourceAnswer) -> str:
    """A part of a source's text, below what the source is."""
    told = [one for one in (answer.title, answer.publisher, answer.published, answer.original_url) if one]
    rest = "" if answer.end >= answer.length else f"; go on with start={answer.end}"
    part = f"Characters {answer.start} to {answer.end} of {answer.length}{rest}. {answer.fact_count} facts quote it."
    if not answer.length:
        part = f"It is a data set, and has no text. {answer.fact_count} facts are from its records."
    head = flat(f"{answer.source}: {', '.join(told)} | {answer.url}")
    text = "\n".join(f"> {line}" for line in answer.text.splitlines())
    return f"{head}\n{part}\n\n{text}".rstrip()


def _value_line(one: Value) -> str:
    states = "".join(f" [{_STATES[state]}]" for state in one.state)
    more = f" … and {one.count - len(one.values)} more, see get_facts" if one.count > len(one.values) else ""
    told = flat(f"{one.key}: {'; '.join(one.values)}")
    return f"{told}{more}{states}{_numbers(one.quotes)}"


def _statement_line(one: Statement) -> str:
    narrowed = "".join(f", {name}: {value_text(value)}" for name, value in one.qualifiers.items())
    by = f", as told by {one.attributed_to}" if one.attributed_to else ""
    sense = f" ({_SENSES[one.modality]}{by})" if _SENSES[one.modality] else ""
    step = f" (inferred: {one.inference})" if one.inference not in ("none", "coreference") else ""
    said = f"{one.subject_label} ({one.subject}) {one.property}: {value_text(one.value)}{narrowed}"
    return f"{flat(f'- {said}{sense}{step}')}{_numbers(one.quotes)}"


def _numbers(quotes: Sequence[int]) -> str:
    return "".join(f" [{number}]" for number in quotes)


def _quote_lines(quotes: Iterable[Quote]) -> list[str]:
    lines = [
        f"[{one.number}] {_quoted(one.quote) if one.quote else f'record {_quoted(one.record or str())}'} "
        + flat(f"({', '.join(filter(None, (one.publisher, one.published)))}) {one.url}")
        for one in quotes
    ]
    return ["Quotes:", *lines] if lines else []
