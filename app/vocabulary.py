"""What can be said: kinds, modalities, inferences and properties with their domain, range and standard terms.

Data only. Everything that depends on what a property is (the gate, the projection, the filters, `/properties`)
reads it here. CONTRIBUTING.md says what else a new property takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

Kind = Literal["film", "person", "organisation", "event", "place", "character"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# How slugs are written, and entities as kind/slug.
SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
ENTITY = f"(?:{'|'.join(KINDS)})/{SLUG}"
PLURALS: Mapping[Kind, str] = {
    "film": "films",
    "person": "people",
    "organisation": "organisations",
    "event": "events",
    "place": "places",
    "character": "characters",
}
WITH_ARTICLE: Mapping[str, str] = {kind: f"an {kind}" if kind[0] in "aeiou" else f"a {kind}" for kind in KINDS}

# What schema.org calls a record of each kind. It has no type for those who exist only in a story: they are Persons.
SCHEMA_TYPES: Mapping[Kind, str] = {
    "film": "Movie",
    "person": "Person",
    "organisation": "Organization",
    "event": "Event",
    "place": "Place",
    "character": "Person",
}

Modality = Literal["asserted", "reported", "planned", "hoped", "negated", "fictional"]
MODALITIES: tuple[Modality, ...] = get_args(Modality)
# Whether a source says so itself or passes it on, it says that it is so: these two state one and the same fact.
HAPPENED: tuple[Modality, ...] = ("asserted", "reported")
# What a claim on a record of each kind must be for its value to be so: of a character it is so in a story as well.
REAL: Mapping[Kind, tuple[Modality, ...]] = {
    kind: (*HAPPENED, "fictional") if kind == "character" else HAPPENED for kind in KINDS
}
# What does not become a value of a record; only of a character what is true in its story does.
UNTRUE: tuple[Modality, ...] = ("hoped", "negated", "fictional")

Inference = Literal["none", "coreference", "weekday", "year", "implied"]
INFERENCES: tuple[Inference, ...] = get_args(Inference)

Rank = Literal["preferred", "normal", "deprecated"]
RANKS: tuple[Rank, ...] = get_args(Rank)

# How an entity stands in what is said.
Role = Literal["subject", "object", "character"]

# What becomes of the words that a claim quotes when the text of its source is corrected.
Words = Literal["unchanged", "moved", "orphaned"]

ValueType = Literal["text", "date", "quantity", "identifier"]


@dataclass(frozen=True)
class Qualifier:
    """What narrows a claim. An identifying one makes another fact of it; the others only comment on the same fact.

    One that is not `is_narrowing` tells of the words alone: the claim says no less for it.
    """

    name: str
    description: str
    range: tuple[Kind, ...] | Literal["text", "boolean", "date"]
    is_identifying: bool = True
    is_narrowing: bool = True


@dataclass(frozen=True)
class Property:
    """One thing that can be said of an entity.

    `range` is a type of value or the kinds that the object may have. `fields` names the key of the subject's record
    where it is not the property's own name, `inverse` the key of the object's record by (kind of subject, kind of
    object). `is_free` marks what sources differ on without disagreeing: prose, and what changes with time.
    """

    name: str
    description: str
    domain: tuple[Kind, ...]
    range: ValueType | tuple[Kind, ...]
    many: tuple[Kind, ...] = ()
    schema_org: str | None = None
    wikidata: str | None = None
    allowed: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    fields: Mapping[Kind, str] = field(default_factory=dict)
    inverse: Mapping[tuple[Kind, Kind], str] = field(default_factory=dict)
    is_free: bool = False

    @property
    def is_sort(self) -> bool:
        """Whether it says of what sort something is."""
        return self.schema_org == "additionalType"

    @cached_property
    def object_kinds(self) -> tuple[Kind, ...]:
        """The kinds of entity it may point to; none for a property whose value is a literal."""
        return () if isinstance(self.range, str) else self.range

    @cached_property
    def value_type(self) -> ValueType | None:
        """The type of its literal; None for a property that points to an entity."""
        return self.range if isinstance(self.range, str) else None

    def field_of(self, kind: Kind) -> str:
        """The key of a record of `kind` that shows this property."""
        return self.fields.get(kind, self.name)

    def is_mutual(self, kind: Kind) -> bool:
        """Whether a record of `kind` shows under one key to whom it points by this property and who points to it."""
        return any(one == kind and key == self.field_of(kind) for (_, one), key in self.inverse.items())


QUALIFIERS: Mapping[str, Qualifier] = {
    q.name: q
    for q in (
        Qualifier("character", "the character that the person plays", ("character",)),
        Qualifier("role", "in what capacity, in the source's words", "text"),
        Qualifier("point_in_time", "when it was so, or when it was said, as an EDTF date", "date", False),
        Qualifier("as_written", "the source's own spelling, which is not the usual one", "boolean", False, False),
    )
}

_EVERY = KINDS
_FILM: tuple[Kind, ...] = ("film",)
_EVENT: tuple[Kind, ...] = ("event",)


def _film_credit(name: str, description: str, fields: str, schema: str | None, wikidata: str, *kinds: Kind) -> Property:
    """A role of people or organisations in a film, shown on the film and, turned round, among their films."""
    objects = kinds or ("person",)
    inverse: dict[tuple[Kind, Kind], str] = {("film", kind): "films" for kind in objects}
    return Property(
        name, description, _FILM, objects, _FILM, schema, wikidata, fields={"film": fields}, inverse=inverse
    )


_NAMING = (
    Property("name", "its proper name, rightly spelt", _EVERY, "text", (), "name", "P2561", is_free=True),
    Property("label", "what to call it where no source names it", _EVERY, "text", (), None, None, is_free=True),
    Property(
        "alternate_name", "another name: an acronym, a former name, a source's own spelling", _EVERY, "text", _EVERY,
        "alternateName", "P4970", qualifiers=("as_written",), fields=dict.fromkeys(_EVERY, "alternate_names"),
    ),
    Property("description", "what it is, in a few words", _EVERY, "text", (), "description", None, is_free=True),
    Property(
        "identifier", "its identifier elsewhere, as scheme:id (imdb:tt0112384)", _EVERY, "identifier", _EVERY,
        "identifier", None, fields=dict.fromkeys(_EVERY, "identifiers"),
    ),
)  # fmt: skip

_FILMS = (
    Property("film_type", "what sort of film it is", _FILM, "text", (), "additionalType", "P31"),
    Property("genre", "its genre", _FILM, "text", _FILM, "genre", "P136", fields={"film": "genres"}),
    Property(
        "production_status", "how far it has come", _FILM, "text", (), "creativeWorkStatus", None,
        allowed=("announced", "in development", "filming", "filming completed", "released", "cancelled"),
        qualifiers=("point_in_time",), is_free=True,
    ),
    Property("release_date", "when it is released to the public", _FILM, "date", (), "datePublished", "P577"),
    Property("filming_date", "when it was filmed", _FILM, "date", (), "dateCreated", "P2754"),
    Property("point_in_time", "a date given of it without saying what happened then", _FILM, "date", (), None, "P585"),
    Property("format", "the film format that it is made for", _FILM, "text", (), None, None),
    Property("plot", "what happens in it", _FILM, "text", (), "abstract", None, is_free=True),
    Property(
        "distinction", "what sets it apart, as a source puts it", _FILM, "text", _FILM, None, None,
        fields={"film": "distinctions"},
    ),
    Property("award", "a prize that it won", _FILM, "text", _FILM, "award", "P166", fields={"film": "awards"}),
    Property("cost", "what it costs, in the source's currency", ("film", "event"), "quantity", (), None, "P2130"),
    Property(
        "box_office", "what cinemas took with it up to a time", _FILM, "quantity", (), None, "P2142",
        qualifiers=("point_in_time",), is_free=True,
    ),
    Property(
        "goal", "what it is meant to achieve", ("film", "event"), "text", ("film", "event"), None, "P3712",
        fields={"film": "goals", "event": "goals"},
    ),
    _film_credit("director", "who directs it", "directors", "director", "P57"),
    _film_credit("producer", "who produces it", "producers", "producer", "P162"),
    _film_credit("creator", "whose work it is said to be", "creators", "creator", "P170", "person", "organisation"),
    _film_credit("screenwriter", "who writes it", "screenwriters", "author", "P58"),
    _film_credit("cinematographer", "who films it", "cinematographers", None, "P344"),
    _film_credit("composer", "who writes its music", "composers", "musicBy", "P86"),
    _film_credit("narrator", "who narrates it", "narrators", None, "P2438"),
    _film_credit("contributor", "who works on it, in a capacity the source does not give", "contributors",
                 "contributor", "P767", "person", "organisation"),
    Property(
        "cast", "who plays in it", _FILM, ("person",), _FILM, "actor", "P161", qualifiers=("character",),
        inverse={("film", "person"): "films"},
    ),
    _film_credit("production_company", "the company that produces it", "production_companies", "productionCompany",
                 "P272", "organisation"),
    Property(
        "partner", "who works together with it or on it", ("film", "organisation"), ("organisation", "place"),
        ("film", "organisation"), None, "P2652", fields={"film": "partners", "organisation": "partners"},
        inverse={("film", "organisation"): "films", ("organisation", "organisation"): "partners"},
    ),
    Property(
        "filming_location", "where it is filmed", _FILM, ("place",), _FILM, "locationCreated", "P915",
        fields={"film": "filming_locations"}, inverse={("film", "place"): "films"},
    ),
)  # fmt: skip

_EVENTS_OF: dict[tuple[Kind, Kind], str] = {
    ("event", kind): "events" for kind in ("film", "person", "organisation", "place")
}

_EVENTS = (
    Property("event_type", "what sort of event it is", _EVENT, "text", (), "additionalType", "P31"),
    Property("date", "when it happens", _EVENT, "date", (), "startDate", "P585"),
    Property(
        "duration", "how long it lasts", ("film", "event"), "quantity", (), "duration", "P2047",
        fields={"film": "duration_minutes"},
    ),
    Property("location", "where it happens", _EVENT, ("place",), (), "location", "P276", inverse=_EVENTS_OF),
    Property("origin", "where it starts from", _EVENT, ("place",), (), "fromLocation", "P1427", inverse=_EVENTS_OF),
    Property("destination", "where it leads", _EVENT, ("place",), (), "toLocation", "P1444", inverse=_EVENTS_OF),
    Property(
        "participant", "who takes part", _EVENT, ("person", "organisation", "place"), _EVENT, "participant", "P710",
        qualifiers=("role",), fields={"event": "participants"}, inverse=_EVENTS_OF,
    ),
    Property(
        "about", "what it concerns", _EVENT, ("film", "person", "organisation", "place", "event"), _EVENT, "about",
        "P921", inverse=_EVENTS_OF,
    ),
    Property("launch_vehicle", "the rocket that starts it", _EVENT, "text", (), None, "P375"),
    Property(
        "requirement", "what is asked of those who want to take part", _EVENT, "text", _EVENT, None, None,
        fields={"event": "requirements"},
    ),
)  # fmt: skip

_OTHERS = (
    Property(
        "occupation", "what the person does", ("person", "character"), "text", ("person",), "hasOccupation", "P106",
        fields={"person": "occupations"},
    ),
    Property("nationality", "the nationality, in the source's words", ("person",), "text", (), "nationality", "P27"),
    Property("birth_date", "when the person was born", ("person",), "date", (), "birthDate", "P569"),
    Property("death_date", "when the person died", ("person",), "date", (), "deathDate", "P570"),
    Property(
        "affiliation", "an organisation that the person belongs to or leads", ("person",), ("organisation",),
        ("person",), "affiliation", "P1416", fields={"person": "organisations"},
        inverse={("person", "organisation"): "people"},
    ),
    Property("organisation_type", "what sort of organisation it is", ("organisation",), "text", (), "additionalType",
             "P31"),
    Property("inception", "when it came to be", ("organisation", "place"), "date", (), "foundingDate", "P571"),
    Property("dissolution", "when it ceased to be", ("organisation", "place"), "date", (), "dissolutionDate", "P576"),
    Property("country", "the country that it belongs to", ("organisation",), ("place",), (), None, "P17"),
    Property("place_type", "what sort of place it is", ("place",), "text", (), "additionalType", "P31"),
    Property("altitude", "how high above the Earth it is", ("place",), "quantity", (), "elevation", "P2044"),
    Property(
        "operator", "who operates it", ("place",), ("organisation", "place"), ("place",), None, "P137",
        fields={"place": "operators"},
    ),
    Property(
        "present_in_work", "the film that the character belongs to", ("character",), ("film",), (), "isPartOf", "P1441",
        fields={"character": "film"},
    ),
)  # fmt: skip

PROPERTIES: Mapping[str, Property] = {p.name: p for p in (*_NAMING, *_FILMS, *_EVENTS, *_OTHERS)}
# What an entity is called and known by, as against what is said of it; and what it is called, among these.
NAMING, NAMES = tuple(prop.name for prop in _NAMING), ("name", "label", "alternate_name")
# Those that are its own, as against what somebody calls it by for want of one.
PROPER_NAMES = ("name", "alternate_name")
# Its name, and of what sort it is: what whoever only mentions it says of it as well.
MENTIONED = ("name", *(prop.name for prop in PROPERTIES.values() if prop.is_sort))
# What search finds it by beside its names.
TEXTS = tuple(p.name for p in PROPERTIES.values() if p.value_type in ("text", "identifier") and p.name not in NAMES)


def properties_of(kind: Kind) -> list[Property]:
    """The properties that can be said of a `kind`, in the order of the vocabulary."""
    return [p for p in PROPERTIES.values() if kind in p.domain]
