"""What disputes, slips and checked claims look like as JSON."""

from typing import Literal

from pydantic import Field

from app.documents.evidence import Document, FactDocument, Quantity, Ref

Verdict = Literal["supported", "contradicted", "planned_only", "not_found"]


class DisputeSide(Document):
    """What can be true together of that which sources say."""

    value: Ref | Quantity | str = Field(description="The value, of dates the finest; or what is denied.")
    facts: list[FactDocument] = Field(
        description="The facts that say so, or agree with it as a coarser date does; or that deny it: `negated`."
    )
    source_count: int = Field(description="How many current sources are on this side.")
    publisher_count: int = Field(
        description="How many independent publishers; reprints of one text count once, and so does whom several quote."
    )


class DisputeDocument(Document):
    """A property on which current sources disagree: which value it has, or whether it has one."""

    subject: Ref = Field(description="What it is said of.")
    property: str = Field(description="The property on which they disagree.")
    key: str = Field(description="The key of the subject's record that shows it.")
    shown: Ref | Quantity | str = Field(
        description="The value that the record shows; of several the first that is denied."
    )
    sides: list[DisputeSide] = Field(
        description="All sides, that of the record first, then by publishers, then who denies it; of a property with "
        "several values each that is denied, and then its denials."
    )
    facts_url: str = Field(description="Path of all facts on it, plans and denials included.")


class SlipDays(Document):
    """By how many days something was later than planned, as far as both dates tell; negative when it was earlier."""

    at_least: int | None = Field(description="Days later at least; null where a date is open.")
    at_most: int | None = Field(description="Days later at most; null where a date is open.")


class Plan(Document):
    """A plan, and how far off it was."""

    slip_days: SlipDays = Field(description="Days from this plan to what happened.")
    fact: FactDocument = Field(description="The plan, with its evidence.")


class SlipDocument(Document):
    """A date that turned out differently than planned."""

    subject: Ref = Field(description="What it is said of.")
    property: str = Field(description="The date that slipped.")
    key: str = Field(description="The key of the subject's record that shows it.")
    slip_days: SlipDays = Field(description="Days from the first plan to what happened.")
    planned: list[Plan] = Field(description="The plans, in the order in which they were told.")
    happened: FactDocument = Field(description="What happened, as the record shows it, with its evidence.")
    facts_url: str = Field(description="Path of all facts on it.")


class ClaimDocument(Document):
    """A claim as it was understood."""

    subject: Ref = Field(description="What it is said of.")
    property: str = Field(description="The property.")
    value: Ref | Quantity | str = Field(description="The value, written as facts have it.")
    qualifiers: dict[str, Ref | str] = Field(description="What narrows it.")


class CheckDocument(Document):
    """Whether current sources bear out a claim."""

    verdict: Verdict = Field(
        description="supported: a source says so, or something finer that includes it. contradicted: a source denies "
        "it, or gives another value where there can be only one. planned_only: it is planned, and no source says that "
        "it happened. not_found: no source decides it, which does not make it false."
    )
    explanation: str = Field(description="The verdict in a sentence, for people.")
    claim: ClaimDocument = Field(description="The claim as it was understood.")
    is_disputed: bool = Field(description="Whether the claim is supported and another source speaks against it.")
    facts: list[FactDocument] = Field(description="The facts that decide, with their evidence; none for not_found.")
    context: list[FactDocument] = Field(
        description="What else is said on it: what speaks against a supported claim, what is only hoped, denied, or "
        "true only in a film, and what leaves it open."
    )
    facts_url: str = Field(description="Path of all facts on it.")
