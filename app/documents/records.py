"""What every record looks like as JSON: the models that the projection writes and the API declares.

Every key is always there; what no source says is null or an empty list. A default would make a key optional for
generated clients, so no field has one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.documents.evidence import Document, EdtfDate, FactDocument, FactRef, Quantity, Ref
from app.vocabulary import PROPERTIES, Kind

EMBEDDED_LIMIT = 25


def _description_of(name: str) -> str:
    """The description of a property as a sentence, for a key that shows just what the property states."""
    description = PROPERTIES[name].description
    return f"{description[0].upper()}{description[1:]}."


class CastMember(Document):
    """Who plays whom."""

    person: Ref = Field(description="The one who plays.")
    character: Ref | None = Field(description="Who is played; null where no source says.")


class FilmCredit(Document):
    """A film that somebody or something has a part in."""

    film: Ref = Field(description="The film.")
    role: str = Field(description="The property of the film that says so, such as director or cast.")
    character: Ref | None = Field(description="Whom the person plays; null outside the cast or where no source says.")


class Participant(Document):
    """Who takes part in an event."""

    participant: Ref = Field(description="A person, an organisation or a country.")
    role: str | None = Field(description="In what capacity, in the source's words.")


class EventPart(Document):
    """An event that somebody or something has a part in."""

    event: Ref = Field(description="The event.")
    role: str | None = Field(description="In what capacity: the source's words, or the event's property that says so.")


class RecordDocument(Document):
    """What every record has."""

    kind: str = Field(description="The kind of the record.")
    slug: str = Field(description="Unique among its kind, and stable.")
    url: str = Field(description="Path of this record.")
    label: str = Field(description="What to call it: its name, or a description where no source names it.")
    name: str | None = Field(description="Its proper name; null where no source names it.")
    alternate_names: list[str] = Field(description="Other names: acronyms, former names, spellings as written.")
    description: str | None = Field(description="What it is, in a few words.")
    identifiers: dict[str, str] = Field(description="Identifiers elsewhere, by scheme.")


class RecordState(Document):
    """How far a record can be trusted, and where its receipts are."""

    planned: list[str] = Field(
        description="The keys whose values are plans: no source says yet that they happened. Where only some of a "
        "list are plans it names these entries, counted from 0, as `films[2]`."
    )
    disputed: list[str] = Field(description="The keys on which current sources disagree; /disputes has all sides.")
    slipped: list[str] = Field(description="The keys whose dates turned out differently than planned; see /slips.")
    more: dict[str, str] = Field(
        description=f"For each list that is cut at {EMBEDDED_LIMIT}, the URL of the facts that have the rest."
    )
    source_count: int = Field(description="How many current sources speak of it.")
    updated_at: datetime = Field(description="When a load, correction or withdrawal last touched what is said of it.")
    facts_url: str = Field(description="Path of all its facts, with their evidence.")
    facts: dict[str, list[FactDocument | FactRef]] | None = Field(
        description="The receipts of each key: with `evidence=ids` where they are, with `evidence=quotes` the facts "
        "themselves with the sentences that say them. Null unless asked for."
    )
    included: dict[str, "Included"] | None = Field(
        description="The whole records one step away, by what `include` asks for. Null unless asked for."
    )


class FilmDocument(RecordDocument, RecordState):
    """A film, or the project of one."""

    kind: Literal["film"] = Field(description="Always film.")
    film_type: str | None = Field(description=_description_of("film_type"))
    genres: list[str] = Field(description="Its genres.")
    production_status: str | None = Field(description=_description_of("production_status"))
    release_date: EdtfDate | None = Field(description=_description_of("release_date"))
    filming_date: EdtfDate | None = Field(description=_description_of("filming_date"))
    point_in_time: EdtfDate | None = Field(description=_description_of("point_in_time"))
    duration_minutes: int | float | None = Field(description="How long it runs, in minutes.")
    format: str | None = Field(description="The film format.")
    plot: str | None = Field(description=_description_of("plot"))
    distinctions: list[str] = Field(description="What sets it apart, in the sources' words.")
    awards: list[str] = Field(description="The prizes that it won.")
    cost: Quantity | None = Field(description=_description_of("cost"))
    box_office: Quantity | None = Field(description="What cinemas took with it; the fact tells up to when.")
    goals: list[str] = Field(description=_description_of("goal"))
    directors: list[Ref] = Field(description=_description_of("director"))
    directors_count: int = Field(description="How many directors there are.")
    producers: list[Ref] = Field(description=_description_of("producer"))
    producers_count: int = Field(description="How many producers there are.")
    creators: list[Ref] = Field(description=_description_of("creator"))
    creators_count: int = Field(description="How many creators there are.")
    screenwriters: list[Ref] = Field(description=_description_of("screenwriter"))
    screenwriters_count: int = Field(description="How many screenwriters there are.")
    cinematographers: list[Ref] = Field(description=_description_of("cinematographer"))
    cinematographers_count: int = Field(description="How many cinematographers there are.")
    composers: list[Ref] = Field(description=_description_of("composer"))
    composers_count: int = Field(description="How many composers there are.")
    narrators: list[Ref] = Field(description=_description_of("narrator"))
    narrators_count: int = Field(description="How many narrators there are.")
    contributors: list[Ref] = Field(description="Who works on it in a capacity that the source does not give.")
    contributors_count: int = Field(description="How many contributors there are.")
    cast: list[CastMember] = Field(description="Who plays whom.")
    cast_count: int = Field(description="How many parts there are.")
    production_companies: list[Ref] = Field(description="The companies that produce it.")
    production_companies_count: int = Field(description="How many production companies there are.")
    partners: list[Ref] = Field(description="Who works together on it.")
    partners_count: int = Field(description="How many partners there are.")
    filming_locations: list[Ref] = Field(description=_description_of("filming_location"))
    filming_locations_count: int = Field(description="How many filming locations there are.")
    events: list[Ref] = Field(description="Events that concern it.")
    events_count: int = Field(description="How many events there are.")


class PersonDocument(RecordDocument, RecordState):
    """A real person."""

    kind: Literal["person"] = Field(description="Always person.")
    occupations: list[str] = Field(description=_description_of("occupation"))
    nationality: str | None = Field(description=_description_of("nationality"))
    birth_date: EdtfDate | None = Field(description=_description_of("birth_date"))
    death_date: EdtfDate | None = Field(description=_description_of("death_date"))
    films: list[FilmCredit] = Field(description="Films that the person has a part in.")
    films_count: int = Field(description="How many parts in films there are.")
    events: list[EventPart] = Field(description="Events that the person has a part in.")
    events_count: int = Field(description="How many parts in events there are.")
    organisations: list[Ref] = Field(description="Organisations that the person belongs to or leads.")
    organisations_count: int = Field(description="How many organisations there are.")


class OrganisationDocument(RecordDocument, RecordState):
    """A company, an agency, a broadcaster."""

    kind: Literal["organisation"] = Field(description="Always organisation.")
    organisation_type: str | None = Field(description=_description_of("organisation_type"))
    inception: EdtfDate | None = Field(description=_description_of("inception"))
    dissolution: EdtfDate | None = Field(description=_description_of("dissolution"))
    country: Ref | None = Field(description=_description_of("country"))
    films: list[FilmCredit] = Field(description="Films that it has a part in.")
    films_count: int = Field(description="How many parts in films there are.")
    events: list[EventPart] = Field(description="Events that it has a part in.")
    events_count: int = Field(description="How many parts in events there are.")
    partners: list[Ref] = Field(description="Who works together with it.")
    partners_count: int = Field(description="How many partners there are.")
    people: list[Ref] = Field(description="People who belong to it or lead it.")
    people_count: int = Field(description="How many people there are.")


class EventDocument(RecordDocument, RecordState):
    """Something that happened or is planned."""

    kind: Literal["event"] = Field(description="Always event.")
    event_type: str | None = Field(description=_description_of("event_type"))
    date: EdtfDate | None = Field(description=_description_of("date"))
    duration: Quantity | None = Field(description=_description_of("duration"))
    cost: Quantity | None = Field(description=_description_of("cost"))
    location: Ref | None = Field(description=_description_of("location"))
    origin: Ref | None = Field(description=_description_of("origin"))
    destination: Ref | None = Field(description=_description_of("destination"))
    participants: list[Participant] = Field(description="Who takes part, and in what capacity.")
    participants_count: int = Field(description="How many participants there are.")
    about: list[Ref] = Field(description=_description_of("about"))
    about_count: int = Field(description="How many things it concerns.")
    launch_vehicle: str | None = Field(description=_description_of("launch_vehicle"))
    requirements: list[str] = Field(description=_description_of("requirement"))
    goals: list[str] = Field(description=_description_of("goal"))
    status: Literal["happened", "planned"] = Field(description="Whether a source says that it happened, or only plans.")


class PlaceDocument(RecordDocument, RecordState):
    """A country, a station, a site."""

    kind: Literal["place"] = Field(description="Always place.")
    place_type: str | None = Field(description=_description_of("place_type"))
    inception: EdtfDate | None = Field(description=_description_of("inception"))
    dissolution: EdtfDate | None = Field(description=_description_of("dissolution"))
    altitude: Quantity | None = Field(description=_description_of("altitude"))
    operators: list[Ref] = Field(description=_description_of("operator"))
    operators_count: int = Field(description="How many operators there are.")
    films: list[FilmCredit] = Field(description="Films that were made there.")
    films_count: int = Field(description="How many films there are.")
    events: list[EventPart] = Field(description="Events that it has a part in.")
    events_count: int = Field(description="How many parts in events there are.")


class CharacterDocument(RecordDocument, RecordState):
    """Somebody who exists only inside a film; what is said of a character is true only there."""

    kind: Literal["character"] = Field(description="Always character.")
    occupation: str | None = Field(description="What the character does.")
    film: Ref | None = Field(description=_description_of("present_in_work"))
    portrayed_by: list[Ref] = Field(description="Who plays the character.")
    portrayed_by_count: int = Field(description="How many people play the character.")


AnyRecord = Annotated[
    FilmDocument | PersonDocument | OrganisationDocument | EventDocument | PlaceDocument | CharacterDocument,
    Field(discriminator="kind"),
]


class Included(Document):
    """The whole records of one sort that are one step away from a record."""

    count: int = Field(description="How many there are in all.")
    url: str = Field(description="Path of all of them, with the facts that connect them.")
    results: list[AnyRecord] = Field(description="The first of them, by date and slug.")


DOCUMENTS: Mapping[Kind, type[RecordDocument]] = {
    "film": FilmDocument,
    "person": PersonDocument,
    "organisation": OrganisationDocument,
    "event": EventDocument,
    "place": PlaceDocument,
    "character": CharacterDocument,
}


def keys_of(kind: Kind) -> tuple[str, ...]:
    """The keys of a record as it is served: those of all kinds, those of its own, those that tell of its state."""
    common, state = tuple(RecordDocument.model_fields), tuple(RecordState.model_fields)
    return (*common, *(key for key in DOCUMENTS[kind].model_fields if key not in (*common, *state)), *state)
