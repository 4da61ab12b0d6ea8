"""What searches answer with: the records found, the words that were found of each, and where they stand."""

from typing import Literal

from pydantic import Field

from app.documents.evidence import Document, Ref, SourceRef


class Highlight(Document):
    """Where in a text the words stand that were looked for."""

    start: int = Field(description="Where they begin, in Unicode code points.")
    end: int = Field(description="The position after their end.")


class Receipt(Document):
    """Where a source says what was found."""

    source: SourceRef = Field(description="The source.")
    start: int | None = Field(description="Where it says so in its text, in code points; null in a data set.")
    end: int | None = Field(description="The position after its end.")


class SearchHit(Ref):
    """A record that a search found."""

    matched: Literal["label", "alternate_name", "text", "evidence"] = Field(
        description="Where the words were found: in what the record is called, in another name of it, in another text "
        "of it such as its description or its plot, or in the sentences that speak of it."
    )
    snippet: str | None = Field(
        description="That name, the text or the sentence, verbatim, cut where it is long; plain text. Null where none "
        "of the first few hundred sentences has any of the words."
    )
    highlights: list[Highlight] = Field(description="Where in the snippet the words stand.")
    receipt: Receipt | None = Field(
        description="Which source says so, and where: of evidence, the place of the snippet itself. Null for a name."
    )


class Suggestion(Ref):
    """A record that could be meant."""

    name: str = Field(description="The name of it that fits: its label or another one.")
    highlights: list[Highlight] = Field(description="Where in that name the words stand.")


class Suggestions(Document):
    """What could be meant by what is typed so far."""

    corrected: str | None = Field(
        description="What was looked for instead, because nothing is called what was typed; null otherwise."
    )
    results: list[Suggestion] = Field(description="At most 10, the likeliest first.")
