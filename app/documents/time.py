"""What the timeline and the changes look like as JSON."""

from datetime import datetime
from typing import Literal, get_args

from pydantic import Field

from app.documents.evidence import Document, EdtfDate, Quantity, Ref, SourceRef
from app.edtf import Precision
from app.vocabulary import Modality

Standing = Literal["value", "agrees", "contradicts", "superseded", "beside"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
Action = Literal["load", "correct", "withdraw", "merge", "rename", "undo"]
CHANGES_SHOWN = 25


class TimelineEntry(Document):
    """One date that current sources give a record, placed in time by the days that it may mean."""

    date: EdtfDate
    earliest: str | None = Field(description="The first day that it may mean (ISO 8601); null where it is open.")
    latest: str | None = Field(description="The last day that it may mean (ISO 8601); null where it is open.")
    precision: Precision = Field(description="The finest unit that is given.")
    approximate: bool = Field(description="Whether it is marked as approximate (`~` or `%`).")
    uncertain: bool = Field(description="Whether it is marked as uncertain (`?` or `%`).")
    label: str = Field(description="How sure the date is, in words.")
    title: str = Field(description="What is dated, in words.")
    record: Ref = Field(description="The record that it is said of.")
    property: str = Field(description="What is dated of the record; see /properties.")
    value: Ref | Quantity | str | None = Field(
        description="What was so at that time, such as a production status; null where the date is itself the value."
    )
    modality: Modality = Field(description="In what sense it holds.")
    planned: bool = Field(description="Whether it is a plan.")
    standing: Standing = Field(
        description="How it stands to the record: its value; agrees with that; contradicts it; superseded by it, as a "
        "plan is by what happened; or beside it, as what is hoped or denied."
    )
    disputed: bool = Field(description="Whether sources disagree on it.")
    fact_url: str = Field(description="Path of the fact, with its evidence.")
    source_count: int = Field(description="How many current sources say so.")


class ChangedFact(Document):
    """A fact that a source began or ceased to state with a revision."""

    change: Literal["added", "ended"] = Field(description="Whether the source now states it, or no longer does.")
    id: str = Field(description="The fact's id.")
    url: str = Field(description="Path of the fact; 410 if no current source states it any more.")
    subject: Ref = Field(description="What it is said of.")
    property: str = Field(description="Which property it states.")
    value: Ref | Quantity | str = Field(description="The value.")
    qualifiers: dict[str, Ref | str] = Field(description="What narrows it, such as the character that is played.")
    modality: Modality = Field(description="In what sense it holds.")
    current: bool = Field(description="Whether some current source states it today.")


class Change(Document):
    """One revision of the data: what was done, by whom, when, and which facts began or ceased to be stated."""

    revision: int = Field(description="Its number. Later ones have greater numbers.")
    url: str = Field(description="Path of this change.")
    at: datetime = Field(description="When it was done.")
    actor: str = Field(description="Who did it.")
    action: Action = Field(
        description="load of a source, correct by a new version of it, withdraw, merge of a record into another, "
        "rename, or undo of one of the last three."
    )
    reason: str | None = Field(description="Why; null where nobody had to say.")
    undoes: int | None = Field(description="The revision that an undo took back; null otherwise.")
    undone_by: int | None = Field(description="The revision that took this one back; null while it holds.")
    source: SourceRef | None = Field(
        description="The source that was loaded, withdrawn, or let count again; null for what is about a record."
    )
    version: int | None = Field(description="The version of the source.")
    entity: Ref | None = Field(
        description="The record that was merged, renamed or parted again, as it was called; null otherwise."
    )
    into: Ref | None = Field(description="The record that it became; null otherwise.")
    added_count: int = Field(
        description="How many facts the source did not state before, or states again since it is no longer withdrawn."
    )
    superseded_count: int = Field(description="How many facts its former version stated and this one does not.")
    withdrawn_count: int = Field(description="How many facts the withdrawn source stated.")
    added: list[ChangedFact] = Field(description=f"The first of those that were added, at most {CHANGES_SHOWN}.")
    ended: list[ChangedFact] = Field(
        description=f"The first of those that were superseded or withdrawn, at most {CHANGES_SHOWN}."
    )
    facts_url: str = Field(description="Path of all facts that were added or ended.")
