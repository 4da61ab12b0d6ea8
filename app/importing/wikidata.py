"""Wikidata's JSON, https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html: dumps, entity data, API."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.importing import dates, wikidata_pages
from app.importing.files import File, Json
from app.importing.records import (
    JULIAN,
    NOBODY_KNOWN,
    Entry,
    Item,
    Key,
    Skipped,
    Statement,
    Unreadable,
    is_writable,
    plain_name,
    themselves,
)
from app.importing.wikidata_dates import a_date, dated, when
from app.importing.wikidata_gone import former, gone, is_item, key_of, of_no_kind, redirect
from app.importing.wikidata_kept import characters, kept_beside_preferred, settled
from app.importing.wikidata_references import references_of
from app.importing.wikidata_rest import as_dumped, is_of_rest
from app.importing.wikidata_terms import (
    CLASSES,
    CREW,
    FILM_CHARACTER,
    INSTANCE_OF,
    NAME_OF_PART,
    PART,
    POINT_IN_TIME,
    ROLE_OF_CREW,
    SCHEMES,
    TEXTS,
    THEMSELVES,
    WORK,
    is_identifier,
    property_of,
)
from app.importing.wikidata_values import (
    LANGUAGES,
    MALFORMED,
    LeftOutError,
    a_text,
    classes_of,
    has_ended,
    is_bounded,
    kind_of,
    label_of,
    language_of,
    mapping,
    number_of,
    quantity,
    reason_of,
    restriction,
)
from app.vocabulary import Kind, Property

SOURCE = "wikidata"
# What an id begins with that is of no item.
_SORTS = {"P": "property", "L": "lexeme", "M": "mediainfo", "E": "entity-schema"}
# Where what stands that an answer of the API may have been asked to leave out.
_NAMED_IN = {"name": "labels", "alternate_name": "aliases", "description": "descriptions"}


def read(file: File) -> Iterator[Item]:
    """What every entity of a file says."""
    for told in wikidata_pages.entities(file):
        if isinstance(told, Unreadable):
            yield told
            continue
        try:
            yield from _entity(file, told)
        except MALFORMED as error:
            name = told.value.get("id") if isinstance(told.value, dict) else told.value
            why = f"{str(name)[:40]} is no entity of Wikidata ({reason_of(error)})"
            yield Unreadable(file.name, told.line, why[:200])


def _entity(file: File, told: Json) -> list[Item]:
    one, line = told.value, told.line
    if isinstance(one, dict) and "missing" in one:
        what = str(one.get("id") or one.get("title"))[:40]
        return [Unreadable(file.name, line, f"{what} is missing, as the answer says")]
    if isinstance(one, dict) and "redirect" in one:
        # What it said stands with the other item now.
        identifier = one.get("id") or one.get("entity") or told.name
        return list(redirect(identifier, one["redirect"], file.at(line, str(identifier))))
    if not isinstance(one, dict) or "id" not in one:
        raise ValueError("it is no object with an id")
    identifier = one["id"]
    sort = one.get("type") or _SORTS.get(str(identifier)[:1], "item")
    if sort != "item":
        return [Skipped(f"type {sort}")]
    if not is_item(identifier):
        raise ValueError(f"'{identifier}' is no id of an item")
    one = as_dumped(one) if is_of_rest(one) else one
    if "claims" not in one:
        return [Skipped("an item that is told without its statements")]
    claims = mapping(one["claims"])
    classes = classes_of(claims.get(INSTANCE_OF, []))
    kind = kind_of(classes)
    # An answer of the API has it under the id that was asked for.
    asked = mapping(one.get("redirects")).get("from", told.name)
    asked = asked if is_item(asked) and asked != identifier else ""
    if kind is None:
        return of_no_kind(identifier, asked, label_of(one), file.at(line, identifier))
    item = _Item(file, line, key_of(identifier, kind), is_of_films=FILM_CHARACTER in classes)
    further = former(asked, item.key, item.place) if asked else []
    return [*item.read(one, claims), gone(identifier, but=kind), *further]


class _Item:
    """What an item says, collected."""

    def __init__(self, file: File, line: int, key: Key, *, is_of_films: bool) -> None:
        self.file, self.line, self.key, self.is_of_films = file, line, key, is_of_films
        self.place = file.at(line, key.identifier.removeprefix("wikidata:"))
        self.said = [Statement("identifier", key.identifier)]
        self.left_out: list[str] = []
        # What is wrong with statements, and the properties of which it is not known for that all that is said.
        self.malformed: list[str] = []
        self.silent_on: list[str] = []
        # What those are called that it only refers to: parts that have a name beside their item, and countries.
        self.labels: dict[Key, str] = {}

    def read(self, one: Mapping[str, Any], claims: Mapping[str, Any]) -> Iterator[Item]:
        """The item, whose statements are the claims, and what else it tells of; first, what of it is malformed."""
        self.read_names(one)
        claims, untold = when(claims) if self.key.kind == "event" else (claims, [])
        self.left_out += untold
        for number, statements in claims.items():
            self.read_statements(number, statements)
        self.left_out += ["sitelinks"] * bool(one.get("sitelinks"))
        self.said, further = settled(self.key.kind, self.said)
        self.left_out += further
        self.silent_on += [name for name, part in _NAMED_IN.items() if part not in one]
        for why in self.malformed:
            yield Unreadable(self.file.name, self.line, f"{self.key.identifier.partition(':')[2]}: {why}"[:200])
        said, left_out, silent_on = tuple(self.said), tuple(self.left_out), tuple(self.silent_on)
        yield Entry(self.key, said, self.place, left_out=left_out, silent_on=silent_on)
        yield from characters(self.key, said, self.place)
        for played, label in self.labels.items():
            yield Entry(played, (Statement("label", label),), self.place, is_whole=False)

    def read_names(self, one: Mapping[str, Any]) -> None:
        """Labels are names, the English one first; aliases and description are in the language of that, or English."""
        labels = self._texts("labels", mapping(one.get("labels")))
        language = language_of(labels) or "en"
        if language in labels:
            self.said.append(Statement("name", labels[language]))
        aliases, languages = mapping(one.get("aliases")), dict.fromkeys((language, *LANGUAGES))
        told = (self._texts("aliases", dict(enumerate(aliases.get(code, [])))) for code in languages)
        named = {labels.get(language)}
        for name in (*(name for texts in told for name in texts.values()), *labels.values()):
            if name not in named:
                self.said.append(Statement("alternate_name", name))
                named.add(name)
        descriptions = mapping(one.get("descriptions"))
        described = next((code for code in languages if code in descriptions), None)
        texts = self._texts("descriptions", {code: descriptions[code] for code in (described,) if code})
        self.said += [Statement("description", text) for text in texts.values()]
        self.left_out += ["aliases in other languages"] * bool(aliases.keys() - languages.keys())
        self.left_out += ["descriptions in other languages"] * bool(descriptions.keys() - {described})

    def _texts(self, part: str, told: Mapping[Any, Any]) -> dict[Any, str]:
        """The texts under each key; one that is malformed costs itself alone."""
        texts = {}
        for key, one in told.items():
            try:
                texts[key] = a_text(one["value"])
            except MALFORMED as error:
                self.malformed.append(f"one of its {part} is malformed: {reason_of(error)}")
                self.silent_on += [name for name, one in _NAMED_IN.items() if one == part or part == "labels"]
        return texts

    def read_statements(self, number: str, statements: Iterable[Any]) -> None:
        """The statements of a property; one that is malformed costs itself alone."""
        told = [(one, self._tried(number, has_ended, one)) for one in statements]
        # Where there is room for one value, it is not one that was so once.
        sound = self._of_the_whole(number, [one for past in (False, True) for one, ended in told if ended is past])
        before = len(self.said)
        for one in sound:
            self._tried(number, self._read_statement, number, one)
        kept, left_out = kept_beside_preferred(self.key.kind, number, sound, self.said[before:])
        self.said[before:] = kept
        self.left_out += left_out

    def _of_the_whole(self, number: str, statements: list[Any]) -> list[Any]:
        """The statements but for amounts that are of a part: what a film has taken in one country, or in some days."""
        prop = property_of(self.key.kind, number)
        if prop is None or prop.value_type != "quantity":
            return statements
        parts = [(one, self._tried(number, restriction, one)) for one in statements]
        self.left_out += [f"{number} of a part, by {by}" for _, by in parts if by]
        return [one for one, by in parts if by == ""]

    def _tried(self, number: str, do: Callable[..., Any], *told: Any) -> Any:
        """What comes of doing that with a statement; None where this is malformed, which is told."""
        try:
            return do(*told)
        except MALFORMED as error:
            self.malformed.append(f"a statement of {number} is malformed: {reason_of(error)}")
            prop = property_of(self.key.kind, number)
            self.silent_on += [prop.name] if prop else ["identifier"] * (number in SCHEMES)
        return None

    def _read_statement(self, number: str, statement: Mapping[str, Any]) -> None:
        """One statement with its rank, its qualifiers and its references."""
        snak, rank = statement["mainsnak"], statement.get("rank", "normal")
        try:
            qualifiers = {one: snaks for one, snaks in mapping(statement.get("qualifiers")).items() if snaks}
            said = self._statements(number, snak, rank, qualifiers)
            references, is_cut = references_of(statement)
            self.said += [one._replace(references=references) for one in said] if references else said
            self.left_out += ["parts of references"] * is_cut
        except LeftOutError as error:
            self.left_out.append(str(error))

    def _statements(
        self, number: str, snak: Mapping[str, Any], rank: Any, qualifiers: dict[str, list[Any]]
    ) -> Iterable[Statement]:
        scheme, prop = SCHEMES.get(number), property_of(self.key.kind, number)
        if scheme is None and prop is None:
            raise LeftOutError(number)
        if snak["snaktype"] != "value" and not (prop and prop.value_type == "date"):
            raise LeftOutError(f"{snak['snaktype']} of {number}")
        if scheme is not None or prop is None:
            identifier = a_text(snak["datavalue"]["value"]).strip()
            if not is_identifier(scheme or "", self.key.kind, identifier):
                raise LeftOutError(f"{number} of a {self.key.kind}")
            return [Statement("identifier", f"{scheme}:{identifier}", rank=rank)]
        told, place = self._told(prop, number, snak, qualifiers)
        if prop.name == "cast":
            played = self._played(told["object"], qualifiers)
            return [Statement(prop.name, rank=rank, place=place, **told, character=one) for one in played]
        told["qualifiers"] = {"role": ROLE_OF_CREW} if number == CREW else self._qualified(prop, qualifiers)
        self.left_out += [f"qualifier {one}" for one in qualifiers]
        return [Statement(prop.name, rank=rank, place=place, **told)]

    def _told(
        self, prop: Property, number: str, snak: Mapping[str, Any], qualifiers: dict[str, list[Any]]
    ) -> tuple[dict[str, Any], str]:
        """(a statement's value or object, where it stands)."""
        if prop.value_type == "date":
            date, is_julian = dated(number, snak, qualifiers)
            place = f"{self.place} {number}{JULIAN}" if is_julian else self.place
            return {"value": date, "modality": dates.modality(date)}, place
        value = snak["datavalue"]["value"]
        if prop.object_kinds:
            kinds: Sequence[Kind] = ("person",) if number == CREW else prop.object_kinds
            if len(kinds) > 1 or (number == WORK and not self.is_of_films):
                raise LeftOutError(f"{number}, which does not tell of which kind its value is")
            key = Key(kinds[0], f"wikidata:Q{number_of(value)}")
            if kinds[0] == "place" and (label := TEXTS["nationality"].get(number_of(value))):
                self.labels[key] = label
            return {"object": key}, self.place
        if prop.value_type == "quantity":
            self.left_out += [f"bounds of {number}"] * is_bounded(value)
            return {"value": quantity(number, value)}, self.place
        if isinstance(value, str):
            return {"value": value}, self.place
        if "text" in value:
            return {"value": a_text(value["text"])}, self.place
        texts = CLASSES[self.key.kind] if number == INSTANCE_OF else TEXTS.get(prop.name, {})
        if (one := number_of(value)) not in texts:
            raise LeftOutError(f"{number} that is an item whose name is not known")
        return {"value": texts[one]}, self.place

    def _played(self, player: Key, qualifiers: dict[str, list[Any]]) -> list[Key | None]:
        """The characters that a statement of the cast names: items, or else names; none for who plays themselves."""
        items, names = qualifiers.pop(PART, []), qualifiers.pop(NAME_OF_PART, [])
        self.left_out += [f"qualifier {one}" for one in qualifiers]
        for number, snaks in ((PART, items), (NAME_OF_PART, names)):
            self.left_out += [f"{one['snaktype']} of qualifier {number}" for one in snaks if one["snaktype"] != "value"]
        told = [one["datavalue"]["value"] for one in names if one["snaktype"] == "value"]
        texts = [plain_name(a_text(one["text"] if isinstance(one, Mapping) else one)) for one in told]
        numbers = [number_of(one["datavalue"]["value"]) for one in items if one["snaktype"] == "value"]
        others = [one for one in numbers if one != THEMSELVES and player.identifier != f"wikidata:Q{one}"]
        if numbers and not others:
            return [None]
        parts = [one for one in texts if one and is_writable(one) and one.lower() not in NOBODY_KNOWN]
        parts = [one for one in parts if not themselves(one)[0]]
        played = [Key("character", f"wikidata:Q{one}") for one in others]
        if len(played) == len(parts) == 1:
            self.labels[played[0]] = parts[0]  # for who has no name of its own in the file
        elif played:
            self.left_out += [f"qualifier {NAME_OF_PART}"] * len(parts)
        return [*played] or [Key("character", self.key.identifier, one) for one in parts] or [None]

    def _qualified(self, prop: Property, qualifiers: dict[str, list[Any]]) -> dict[str, str]:
        if "point_in_time" not in prop.qualifiers or len(qualifiers.get(POINT_IN_TIME, [])) != 1:
            return {}
        (snak,) = qualifiers.pop(POINT_IN_TIME)
        if snak["snaktype"] != "value":
            return {}
        return {"point_in_time": a_date(POINT_IN_TIME, snak["datavalue"]["value"])[0]}
