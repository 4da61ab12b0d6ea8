"""What the tools answer with as data: the numbers are those of the text beside it."""

from typing import Literal

from pydantic import Field

from app.documents.evidence import Document, Quantity, Ref
from app.documents.truth import Verdict
from app.vocabulary import Inference, Kind, Modality


class Quote(Document):
    """The exact words of a source, or a record of a data set, under the number by which the answer refers to it."""

    number: int = Field(description="The number that stands in brackets in the text and under `quotes`.")
    quote: str | None = Field(description="The exact words; null where a record of a data set says it.")
    record: str | None = Field(description="That record: file, line and id; null for words.")
    source: str = Field(description="The slug of the source, for get_source.")
    publisher: str | None = Field(description="Who published it.")
    published: str | None = Field(description="When it was published: an EDTF date.")
    start: int | None = Field(description="Where the words begin in the text of the source.")
    end: int | None = Field(description="The position after their end.")
    url: str = Field(description="Where the source is.")


class Statement(Document):
    """One fact: what sources say, in one sense."""

    subject: str = Field(description="What it is said of, as kind/slug.")
    subject_label: str = Field(description="What that is called.")
    property: str = Field(description="Which property it states.")
    value: Ref | Quantity | str = Field(description="The value: a record, a quantity, or text such as an EDTF date.")
    qualifiers: dict[str, Ref | str] = Field(description="What narrows it, such as the character that is played.")
    modality: Modality = Field(
        description="asserted: the source says so; reported: it says that somebody else does; planned, hoped: it is no "
        "fact yet; negated: it is denied; fictional: it is true only in a film."
    )
    inference: Inference = Field(description="The step from the words to the value; none if they say it outright.")
    attributed_to: str | None = Field(description="Who is said to have said it.")
    source_count: int = Field(description="How many sources say so.")
    publisher_count: int = Field(description="How many independent publishers.")
    quotes: list[int] = Field(description="The numbers of the words that say it.")
    url: str = Field(description="Where the fact is, with all its evidence.")


class Found(Document):
    """A record that a search found."""

    entity: str = Field(description="The record as kind/slug, for the other tools.")
    kind: Kind = Field(description="Its kind.")
    label: str = Field(description="What it is called.")
    name: str | None = Field(description="The other name by which it was found; null for the label.")
    quotes: list[int] = Field(description="The number of the words in which it was found; none for a name.")
    url: str = Field(description="Where the record is.")


class SearchAnswer(Document):
    """What a search found."""

    count: int = Field(description="How many records match in all.")
    corrected: str | None = Field(description="What was looked for instead, as nothing has the words as they were.")
    results: list[Found] = Field(description="The best of them.")
    quotes: list[Quote] = Field(description="The words in which they were found.")


class Value(Document):
    """What a record shows under one key."""

    key: str = Field(description="The key.")
    values: list[str] = Field(
        description="The values; records with their kind/slug in parentheses, and (PLANNED) behind a plan among others."
    )
    count: int = Field(description="How many there are in all; more than are shown if it is greater.")
    state: list[Literal["planned", "disputed", "slipped"]] = Field(
        description="planned: no source says that it happened; disputed: sources disagree; slipped: planned otherwise."
    )
    quotes: list[int] = Field(description="The numbers of the words that say it, a few of them.")


class EntityAnswer(Document):
    """A record, value by value, with what is said of it but is none of its values."""

    entity: str = Field(description="The record as kind/slug.")
    label: str = Field(description="What it is called.")
    values: list[Value] = Field(description="What is known. A key that is not here is unknown, not false.")
    not_values: list[Statement] = Field(description="What is denied, hoped, or true only in a film; the first of it.")
    not_values_count: int = Field(description="How much of it there is in all.")
    quotes: list[Quote] = Field(description="The words that say it.")
    url: str = Field(description="Where the record is.")


class FactsAnswer(Document):
    """Facts, with the words that say them."""

    count: int = Field(description="How many facts match in all.")
    facts: list[Statement] = Field(description="Those of this page.")
    next_offset: int | None = Field(description="The offset of the next page; null on the last.")
    quotes: list[Quote] = Field(description="The words that say it.")


class CheckAnswer(Document):
    """Whether sources bear out a claim."""

    verdict: Verdict = Field(description="supported, contradicted, planned_only or not_found, which is never false.")
    explanation: str = Field(description="The verdict in a sentence.")
    is_disputed: bool = Field(description="Whether it is supported and another source speaks against it.")
    facts: list[Statement] = Field(description="The facts that decide.")
    context: list[Statement] = Field(description="What else is said on it, and decides nothing.")
    quotes: list[Quote] = Field(description="The words that say it.")


class SourceAnswer(Document):
    """A source, and a part of its text."""

    source: str = Field(description="Its slug.")
    title: str | None = Field(description="Its headline.")
    publisher: str | None = Field(description="Who published it.")
    published: str | None = Field(description="When: an EDTF date.")
    original_url: str | None = Field(description="Where it was published, if that is known.")
    fact_count: int = Field(description="How many facts it states.")
    text: str = Field(description="The text from start to end.")
    start: int = Field(description="Where this part begins, in code points.")
    end: int = Field(description="The position after its end.")
    length: int = Field(description="How long the whole text is.")
    url: str = Field(description="Where the source is.")
