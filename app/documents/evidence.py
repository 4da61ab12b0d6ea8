"""What facts and sources look like as JSON, and the shapes that everything shares."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.vocabulary import Inference, Kind, Modality, Rank

EdtfDate = Annotated[
    str, Field(description="An EDTF date (ISO 8601-2), only as precise as the source.", examples=["2021-10"])
]


class Document(BaseModel):
    """The settings of every response model; what writes it is built when it is first needed, which most never are."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Sent(Document):
    """The settings of every model of a body that is sent to us, which FastAPI wants built at once."""

    model_config = ConfigDict(defer_build=False)


class Ref(Document):
    """A reference to a record: the same shape wherever one stands."""

    kind: Kind = Field(description="Its kind.")
    slug: str = Field(description="Its slug, unique among its kind.")
    label: str = Field(description="What to call it: its name, or a description where no source names it.")
    url: str = Field(description="Path of its record.")


class Quantity(Document):
    """A number with its unit, as the source writes it."""

    amount: int | float = Field(description="How many.")
    unit: str = Field(description="Of what, in the singular.")


class SourceRef(Document):
    """A source, where evidence refers to it."""

    slug: str = Field(description="The source's slug.")
    title: str | None = Field(description="Its headline; null where it has none.")
    publisher: str | None = Field(description="Who published it.")
    published: EdtfDate | None = Field(description="When it was published.")
    url: str = Field(description="Path of the source here.")

    @classmethod
    def of(cls, row: Any) -> Self:
        """The source of a row that has its columns."""
        return cls(
            slug=row.slug, title=row.title, publisher=row.publisher, published=row.published,
            url=f"/sources/{row.slug}",
        )  # fmt: skip


class Reference(Document):
    """One of the things that a data set says that it has a statement from, with all that it tells of it."""

    stated_in: list[str] = Field(description="The work that states it, by its identifier: `wikidata:Q36578`.")
    imported_from: list[str] = Field(description="The project that it was taken over from, by its identifier.")
    urls: list[str] = Field(description="Where it stands.")
    titles: list[str] = Field(description="What that is called.")
    retrieved: list[EdtfDate] = Field(description="When it was looked up there.")
    others: dict[str, list[str]] = Field(
        description="What else is told of it, by the data set's own names for that: properties of Wikidata."
    )

    @classmethod
    def all_in(cls, told: str | None) -> list[Self]:
        """Those that are stored in a JSON text, without what is not told of them."""
        if not told:
            return []
        nothing: dict[str, Any] = {name: {} if name == "others" else [] for name in cls.model_fields}
        return [cls.model_validate(nothing | one) for one in json.loads(told)]

    def in_words(self) -> str:
        """All of it on a line, for people."""
        told = [f"stated in {one}" for one in self.stated_in] + [f"imported from {one}" for one in self.imported_from]
        told += [*self.titles, *self.urls, *(f"retrieved {one}" for one in self.retrieved)]
        return ", ".join([*told, *(f"{name} {one}" for name, values in self.others.items() for one in values)])


class Evidence(Document):
    """The words of one source that say it (W3C Web Annotation: text quote and text position selector)."""

    source: SourceRef = Field(description="Where it is said.")
    role: Literal["quote", "context", "note"] = Field(
        description="Whether these words say it, or introduce whom they speak of; or are a note of the curator who "
        "annotated the source, which does not say it."
    )
    quote: str = Field(description="The exact words; empty where a record of a data set says it, see `locator`.")
    prefix: str = Field(description="What stands directly before them.")
    suffix: str = Field(description="What stands directly after them.")
    start: int | None = Field(description="Where they begin in the source's text, in Unicode code points.")
    end: int | None = Field(description="Where they end: the position after the last of them.")
    sentence: str | None = Field(description="The whole sentence, or sentences, that they stand in.")
    locator: str | None = Field(
        description="The record of a data set that says it, or where the note stands; null where words of a text do."
    )
    references: list[Reference] = Field(
        description="What a data set says that it has it from; empty where it does not say, and for an article."
    )
    attributed_to: str | None = Field(description="Who is said there to have said it; null where the source says so.")
    status: Literal["verified"] = Field(
        description="The words were found at this place when it was loaded, or the record was read there."
    )

    def record(self) -> str:
        """Where it stands in a data set, and what that has it from, for people."""
        referred = "; ".join(one.in_words() for one in self.references)
        return f"{self.locator or ''} ({referred})" if referred else self.locator or ""


class FactRef(Document):
    """A fact, where only its address is asked for."""

    id: str = Field(description="The fact's id.")
    url: str = Field(description="Path of the fact.")
    property: str = Field(description="Which property it states.")
    modality: Modality = Field(description="In what sense it holds.")


class FactDocument(Document):
    """What one or more sources say: one subject, one property, one value, in one sense."""

    id: str = Field(description="The same for the same statement, whoever makes it, in every base.")
    url: str = Field(description="Path of this fact.")
    subject: Ref = Field(description="What it is said of.")
    property: str = Field(description="Which property it states; see /properties.")
    value: Ref | Quantity | str = Field(description="The value: a record, a quantity, or text such as an EDTF date.")
    qualifiers: dict[str, Ref | str] = Field(description="What narrows it, such as the character that is played.")
    modality: Modality = Field(
        description="asserted by the source, reported by it from somebody else, planned, hoped, negated, or fictional."
    )
    inference: Inference = Field(
        description="The step from the words to the value: none, a coreference, a weekday or a missing year computed "
        "from the date of the source, or implied."
    )
    phrase: str | None = Field(description="The words that a relative date was computed from.")
    attributed_to: str | None = Field(description="Who is said to have said it.")
    rank: Rank = Field(description="A curator's preference among values.")
    source_count: int = Field(description="How many current sources say so.")
    publisher_count: int = Field(
        description="How many independent publishers; reprints of one text count once, and so does whom several quote."
    )
    recorded_at: datetime = Field(description="When a source that states it was first loaded.")
    withdrawn_at: datetime | None = Field(
        description="When the last source that stated it was superseded or withdrawn; null while one states it."
    )
    evidence: list[Evidence] = Field(description="The words that say it.")


class SourceDocument(Document):
    """An article or a data set that the base holds."""

    slug: str = Field(description="Unique among sources.")
    url: str = Field(description="Path of this source.")
    kind: Literal["article", "dataset"] = Field(description="What it is.")
    title: str | None = Field(description="Its headline; null where it has none.")
    publisher: str | None = Field(description="Who published it.")
    published: EdtfDate | None = Field(description="When it was published.")
    original_url: str | None = Field(description="Where it was published, if that is known.")
    language: str | None = Field(description="Its language (BCP 47).")
    version: int = Field(description="1, and one more for each correction.")
    sha256: str = Field(description="Of the text, as UTF-8; of a data set, of its files.")
    loaded_at: datetime = Field(description="When this version was loaded.")
    fact_count: int = Field(description="How many facts it states.")
    text_url: str | None = Field(description="Path of its text, in which positions count; null for a data set.")
    annotated_url: str = Field(description="Path of its sentences, each with its facts.")
    facts_url: str = Field(description="Path of its facts, with their evidence.")


class Mention(Document):
    """Where a sentence names a record."""

    entity: Ref = Field(description="Whom or what it names.")
    start: int = Field(description="Where the name begins, in code points of the source's text.")
    end: int = Field(description="The position after its end.")


class SentenceFact(Document):
    """A fact that a sentence states, in short."""

    id: str = Field(description="The fact's id.")
    url: str = Field(description="Path of the fact, with all its evidence.")
    subject: Ref = Field(description="What it is said of.")
    property: str = Field(description="Which property it states.")
    value: Ref | Quantity | str = Field(description="The value.")
    qualifiers: dict[str, Ref | str] = Field(description="What narrows it, such as the character that is played.")
    modality: Modality = Field(description="In what sense it holds.")
    start: int = Field(description="Where its quote begins, in code points of the source's text.")
    end: int = Field(description="The position after its end.")


class Sentence(Document):
    """One sentence of a source."""

    start: int = Field(description="Where it begins, in code points of the source's text.")
    end: int = Field(description="The position after its end.")
    text: str = Field(description="The sentence.")
    facts: list[SentenceFact] = Field(description="What it states; a quote that runs on counts in each sentence.")
    mentions: list[Mention] = Field(description="Whom and what it names.")


class Coverage(Document):
    """How much of a source its facts quote."""

    sentences: int = Field(description="How many sentences it has.")
    sentences_with_facts: int = Field(description="How many of them a fact quotes.")
    characters: int = Field(description="How many code points its sentences have.")
    characters_quoted: int = Field(description="How many of them a fact quotes.")


class AnnotatedDocument(Document):
    """A source sentence by sentence, each with what it states."""

    source: SourceRef = Field(description="The source.")
    sentences: list[Sentence] = Field(description="Its sentences, in order.")
    coverage: Coverage = Field(description="How much of it is quoted.")


class PropertyDocument(Document):
    """What can be said of an entity."""

    name: str = Field(description="The property's name, in facts and in filters.")
    url: str = Field(description="Path of this property.")
    description: str = Field(description="What it states.")
    domain: list[Kind] = Field(description="The kinds that it is said of.")
    range: list[str] = Field(description="The kinds that it points to, or the type of its value.")
    many: list[Kind] = Field(description="The kinds that may have several values of it at once.")
    allowed: list[str] = Field(description="The only values that it takes; empty where there is no such list.")
    qualifiers: list[str] = Field(description="What may narrow it.")
    fields: dict[str, str] = Field(description="The key of the record that shows it, by kind of the subject.")
    inverse: dict[str, str] = Field(description="The key of the object's record, by kinds: subject/object.")
    schema_org: str | None = Field(description="The schema.org term.")
    wikidata: str | None = Field(description="The Wikidata property.")
    facts_url: str = Field(description="Path of the facts that state it.")
