"""What a preview looks like as JSON: what loading a source would do."""

from typing import Any, Literal

from pydantic import Field

from app.documents.evidence import Document, Quantity, Ref, SourceRef
from app.vocabulary import Modality, Words

Outcome = Literal["would_load", "unchanged", "draft", "rejected"]
ClaimStatus = Literal["new", "corroborates", "conflicts", "slip", "known", "rejected", "left_out"]
Relation = Literal["agrees", "disagrees", "slips"]
Likeness = Literal["name", "alias", "spelling", "transliteration"]
Difference = Literal["added", "changed", "removed"]


class RelatedFact(Document):
    """A fact that a claim agrees or disagrees with."""

    relation: Relation = Field(
        description="agrees with it; disagrees, so that only one can be true; or slips: of the two dates one is the "
        "plan, and the other what came of it."
    )
    id: str = Field(description="The fact's id.")
    url: str | None = Field(description="Path of the fact; null for one that only this source would state.")
    value: Ref | Quantity | str = Field(description="What it states.")
    modality: Modality = Field(description="In what sense it holds.")
    source_count: int = Field(description="How many sources state it, this one left out.")
    sources: list[SourceRef] = Field(description="The first of those sources.")


class ClaimPreview(Document):
    """What would become of one claim of the file, or of an identifier or alias that it notes of an entity."""

    number: int | None = Field(description="Its number in the file, from 1; null for what is noted of an entity.")
    line: int | None = Field(description="Its line in the file; null where claims are not sent as YAML.")
    status: ClaimStatus = Field(
        description="new: no source states it. corroborates: another source states it, or a coarser or finer date. "
        "conflicts: another source states what cannot be true as well, whatever else is so. slip: a date that "
        "turned out differently than planned. known: the version before of this source states it. rejected: it did not "
        "pass the gate. left_out: its words are gone from the text, and it was asked to leave such claims out."
    )
    subject: str | None = Field(description="What it is said of, as kind/slug; null where the claim has no such key.")
    property: str | None = Field(description="Which property it states.")
    value: str | None = Field(description="The value as the file has it; null where it points to a record.")
    object: str | None = Field(description="The record that it points to, as kind/slug.")
    modality: Modality | None = Field(description="In what sense it holds.")
    quotes: list[str] = Field(description="The words that say it.")
    fact_id: str | None = Field(description="The id of the fact that it states; null if it is not stored.")
    words: Words | None = Field(
        description="Whether the words that the version before quotes for it stand in this text where they stood, "
        "elsewhere, or no longer; null where that does not state it, or is of the same text."
    )
    reasons: list[str] = Field(description="Why it is rejected or left out, and what was expected.")
    related: list[RelatedFact] = Field(description="What it agrees and disagrees with, those that matter most first.")


class StatusCounts(Document):
    """How many claims and notes of the file have each status. What is not rejected adds up to what a load reports: its
    new ones are those that are new, corroborate, conflict or slip, and its unchanged ones those known.
    """

    new: int = Field(description="Of which nothing is known.")
    corroborates: int = Field(description="That agree with another source.")
    conflicts: int = Field(description="That disagree with one.")
    slip: int = Field(description="Of dates that turned out differently than planned.")
    known: int = Field(description="That the version before of this source states.")
    rejected: int = Field(description="That did not pass the gate.")
    left_out: int = Field(description="That were left out as asked, since their words are gone.")


class FileProblem(Document):
    """What is wrong with a file, apart from its claims."""

    file: str = Field(description="Which of the two files.")
    line: int | None = Field(description="In which line; null where that cannot be said.")
    detail: str = Field(description="What is wrong, and what was expected.")


class EndedClaim(Document):
    """What the version before of the source states and this one would not."""

    fact_id: str = Field(description="The fact's id.")
    subject: str = Field(description="What it is said of, as kind/slug.")
    property: str = Field(description="Which property it states.")
    value: str = Field(description="The value, or the record that it points to.")
    words: Words = Field(description="Whether its words stand in the new text where they stood, elsewhere, or not.")
    quote: str = Field(description="The first of its words of which that is so.")


class Correction(Document):
    """A corrected text, held against the words that the version before quotes."""

    version: int = Field(description="The version that it corrects.")
    unchanged: int = Field(description="How many of its claims have their words where they were.")
    moved: int = Field(description="How many have the same words elsewhere.")
    orphaned: int = Field(description="How many have words that are no longer there.")


class Lookalike(Document):
    """A record that may be the same as a new entity."""

    record: Ref = Field(description="The record.")
    name: str = Field(description="The name of it that is alike.")
    likeness: Likeness = Field(
        description="It has this name; it is also called so; it is spelt nearly so; or it is, once brought over from "
        "the other script."
    )
    hint: str = Field(description="What to do about it.")


class EntityPreview(Document):
    """An entity that the source would introduce."""

    entity: str = Field(description="The entity, as kind/slug.")
    names: list[str] = Field(description="What the file calls it: its names, or else its label.")
    same_as: str | None = Field(
        description="The entity, as kind/slug, that it is, since both have an identifier; null for one that is new."
    )
    lookalikes: list[Lookalike] = Field(description="Records that may be the same.")


class Span(Document):
    """A sentence of the text."""

    start: int = Field(description="Where it begins, in code points.")
    end: int = Field(description="The position after its end.")
    text: str = Field(description="The sentence.")


class SentenceCoverage(Document):
    """How many sentences of the text the claims quote."""

    sentences: int = Field(description="How many sentences it has.")
    sentences_with_facts: int = Field(description="How many of them a claim quotes.")
    without_facts: list[Span] = Field(description="The others: read them once more.")


class KeyChange(Document):
    """A key of a record, before and after."""

    key: str = Field(description="The key.")
    before: Any = Field(description="What stands there now; null for a record that there is not.")
    after: Any = Field(description="What would stand there.")


class RecordChange(Document):
    """A record that would be otherwise."""

    record: Ref = Field(description="The record.")
    change: Difference = Field(description="Whether it would be added, changed or removed.")
    keys: list[KeyChange] = Field(
        description="The keys that would be otherwise, `updated_at` left out; of a record that would be added, those "
        "that say something."
    )


class PreviewDocument(Document):
    """What loading a source would do, found out by loading it and taking that back."""

    slug: str = Field(description="The slug of the source.")
    outcome: Outcome = Field(
        description="would_load; unchanged: exactly this is loaded; draft: it passes, but is a draft that nobody "
        "says to have reviewed, which is not loaded; rejected: something did not pass the gate, so that "
        "nothing would be stored. What is said of the rest then shows what it would do without that."
    )
    version: int = Field(description="The version that it would be, or is.")
    counts: StatusCounts = Field(description="The claims, by their status.")
    problems: list[FileProblem] = Field(description="What is wrong apart from single claims.")
    claims: list[ClaimPreview] = Field(description="What is noted of entities, and each claim, as the file has them.")
    correction: Correction | None = Field(
        description="How the words of the version before fare; null where there is none, or its text is the same."
    )
    ended: list[EndedClaim] = Field(description="What the source states now and would no longer.")
    entities: list[EntityPreview] = Field(description="The entities that it would introduce.")
    entities_known: int = Field(description="How many of the entities that it declares are held already.")
    coverage: SentenceCoverage = Field(description="Which sentences are quoted.")
    record_count: int = Field(description="How many records would be otherwise.")
    records: list[RecordChange] = Field(description="The first of these, by kind and slug.")
