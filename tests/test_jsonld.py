"""Records as JSON-LD, read by processors that may fetch nothing, against what the JSON says of them."""

import hashlib
import json
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from pyld import jsonld  # type: ignore[import-untyped]  # it has none
from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SDO
from rdflib.query import ResultRow
from sqlalchemy import Engine

from app.vocabulary import KINDS, PLURALS, PROPERTIES, SCHEMA_TYPES
from tests.conftest import Serving
from tests.makers import a_claim, a_folder, every_fact, load

# The processor reads JSON-LD by an interface of its own that it has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated, use Dataset:DeprecationWarning")

EDTF = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
TEXTS = {
    "label": RDFS.label, "name": SDO.name, "alternate_names": SDO.alternateName, "description": SDO.description,
    "genres": SDO.genre, "plot": SDO.abstract, "film_type": SDO.additionalType, "event_type": SDO.additionalType,
    "place_type": SDO.additionalType, "organisation_type": SDO.additionalType, "nationality": SDO.nationality,
    "production_status": SDO.creativeWorkStatus, "distinctions": "distinction", "goals": "goal", "format": "format",
    "requirements": "requirement",
}  # fmt: skip
REFS = {
    "directors": SDO.director, "producers": SDO.producer, "creators": SDO.creator, "contributors": SDO.contributor,
    "narrators": "narrator", "production_companies": SDO.productionCompany, "filming_locations": SDO.locationCreated,
    "about": SDO.about, "location": SDO.location, "destination": SDO.toLocation, "operators": "operator",
    "country": "country", "organisations": SDO.affiliation, "film": SDO.isPartOf,
}  # fmt: skip
DATES = {
    "release_date": SDO.datePublished, "filming_date": SDO.dateCreated, "birth_date": SDO.birthDate,
    "date": SDO.startDate, "point_in_time": None,
}  # fmt: skip


def every_record(api: httpx.Client) -> list[dict[str, Any]]:
    return [
        record for kind in KINDS for record in api.get(f"/{PLURALS[kind]}", params={"limit": 100}).json()["results"]
    ]


def graph_of(api: httpx.Client, path: str) -> Graph:
    answer = api.get(path, headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"].startswith("application/ld+json")
    assert isinstance(answer.json()["@context"], dict), "a context that must be fetched"
    return Graph().parse(data=answer.text, format="json-ld")


@pytest.fixture(scope="module")
def records(almanac: httpx.Client) -> list[dict[str, Any]]:
    return every_record(almanac)


@pytest.fixture(scope="module")
def graph(almanac: httpx.Client, records: list[dict[str, Any]]) -> Graph:
    """All records together."""
    whole = Graph()
    for record in records:
        whole += graph_of(almanac, record["url"])
    return whole


@pytest.fixture(scope="module")
def facts(almanac: httpx.Client) -> list[dict[str, Any]]:
    return list(every_fact(almanac))


def here(api: httpx.Client, path: str) -> URIRef:
    return URIRef(str(api.base_url).rstrip("/") + path)


def named(api: httpx.Client, term: Any) -> URIRef:
    """A term of schema.org, or a property of ours by its name."""
    return term if isinstance(term, URIRef) else here(api, f"/properties/{term}")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def test_every_record_says_the_same_as_its_json(
    almanac: httpx.Client, graph: Graph, records: list[dict[str, Any]]
) -> None:
    assert len(records) > 40
    for record in records:
        this = here(almanac, record["url"])
        assert (this, RDF.type, SDO[SCHEMA_TYPES[record["kind"]]]) in graph
        told = {key for key in record if key not in record["planned"] + record["disputed"]}
        for key in TEXTS.keys() & record.keys():
            said = {str(one) for one in graph.objects(this, named(almanac, TEXTS[key])) if isinstance(one, Literal)}
            assert said == (set(listed(record[key])) if key in told else set()), (this, key)
        for key in REFS.keys() & record.keys():
            if record["kind"] == "organisation":
                continue  # Its lists are what others say of it.
            pointed = set(graph.objects(this, named(almanac, REFS[key])))
            expected = {here(almanac, one["url"]) for one in listed(record[key])}
            assert pointed == (expected if key in told else set()), (this, key)


def test_dates_are_neither_padded_nor_made_sure(
    almanac: httpx.Client, graph: Graph, records: list[dict[str, Any]]
) -> None:
    seen = set()
    for record in records:
        this = here(almanac, record["url"])
        for key in DATES.keys() & record.keys():
            date = record[key]
            plain = {str(one) for one in graph.objects(this, DATES[key])} if DATES[key] else set()
            ours = set(graph.objects(this, named(almanac, key)))
            if date is None or key in record["planned"] + record["disputed"]:
                assert not plain | ours
            elif date.replace("-", "").isdigit() and DATES[key]:
                assert (plain, ours) == ({date}, set())
                seen.add("plain")
            else:
                assert ours == {Literal(date, datatype=EDTF if not date.replace("-", "").isdigit() else SDO.Date)}
                assert plain == ({date.split("/")[0]} if "/" in date and key == "date" else set())
                seen.add("interval" if "/" in date else "set" if "[" in date else "uncertain" if "~" in date else "own")
    assert {"plain", "interval", "set", "uncertain"} <= seen
    expo = here(almanac, "/events/dust-expo")
    assert {str(one) for one in graph.objects(expo, SDO.endDate)} == {"2020"}


def test_only_what_happened_is_stated(almanac: httpx.Client, graph: Graph, facts: list[dict[str, Any]]) -> None:
    """Directly or through a role: a relation is in the graph if a source says that it is so, and otherwise not."""
    terms = {one["name"]: one["schema_org"] for one in almanac.get("/properties?limit=100").json()["results"]}
    stated: dict[tuple[Any, ...], set[str]] = {}
    for fact in facts:
        if isinstance(fact["value"], dict) and "url" in fact["value"]:
            term = URIRef(terms[fact["property"]]) if terms[fact["property"]] else named(almanac, fact["property"])
            triple = (here(almanac, fact["subject"]["url"]), term, here(almanac, fact["value"]["url"]))
            stated.setdefault(triple, set()).add(fact["modality"])
    assert {"planned"} in stated.values()
    for (subject, term, value), modalities in stated.items():
        is_in = (subject, term / term, value) in graph or (subject, term, value) in graph
        assert is_in == bool(modalities & {"asserted", "reported"}), (subject, term, value)


def test_texts_that_are_hoped_denied_or_disputed_are_nowhere(graph: Graph, almanac: httpx.Client) -> None:
    film = here(almanac, "/films/long-dust")
    assert not set(graph.objects(film, SDO.genre))
    assert not set(graph.objects(film, named(almanac, "distinction")))
    assert {str(one) for one in graph.objects(film, named(almanac, "goal"))} == {"to warn of storms"}
    assert not set(graph.objects(film, SDO.datePublished))


def test_plans_and_disputes_are_claims(almanac: httpx.Client, graph: Graph, records: list[dict[str, Any]]) -> None:
    rows = graph.query(
        """SELECT ?about ?term ?value ?standing WHERE {
            ?about schema:subjectOf ?claim .
            ?claim a schema:Claim, rdf:Statement ; rdf:subject ?about ; rdf:predicate ?term ; rdf:object ?value ;
                   schema:keywords ?standing ; schema:text ?text . }""",
        initNs={"schema": Namespace(str(SDO))},
    )
    claims = {tuple(str(one) for one in cast(ResultRow, row)) for row in rows}
    gala, deck, film = (
        str(here(almanac, path)) for path in ("/events/dust-gala", "/places/deck-nine", "/films/long-dust")
    )
    assert {
        (gala, str(SDO.startDate), "2024", "planned"),
        (gala, str(SDO.location), deck, "planned"),
        (gala, str(SDO.participant), str(here(almanac, "/people/ben-ito")), "planned"),
        (film, str(SDO.datePublished), "2021-06-02", "disputed"),
        (str(here(almanac, "/films/the-challenge")), str(SDO.datePublished), "2023-04-12", "planned"),
    } <= claims
    unsure = {
        str(here(almanac, one["url"]))
        for one in records
        if one["disputed"] or (one["kind"] in ("film", "event") and one["planned"])
    }
    assert unsure >= {about for about, *_ in claims}
    assert (URIRef(gala), SDO.eventStatus, SDO.EventScheduled) in graph
    assert len(set(graph.subjects(SDO.eventStatus))) == len([one for one in records if one.get("status") == "planned"])


def test_parts_are_roles_with_their_characters(almanac: httpx.Client, graph: Graph) -> None:
    rows = graph.query(
        """SELECT DISTINCT ?film ?person ?name ?character WHERE {
            ?film schema:actor ?role ; schema:character ?character .
            ?role a schema:PerformanceRole ; schema:actor ?person ; schema:characterName ?name ; schema:character ?character . }""",
        initNs={"schema": Namespace(str(SDO))},
    )
    found = {tuple(str(one) for one in cast(ResultRow, row)) for row in rows}
    expected = {
        (film["url"], part["person"]["url"], part["character"]["label"], part["character"]["url"])
        for film in every_record(almanac) if film["kind"] == "film"
        for part in film["cast"] if part["character"]
    }  # fmt: skip
    assert found == {tuple(str(here(almanac, one)) if one[0] == "/" else one for one in row) for row in expected}
    fictional = set(graph.subjects(SDO.additionalType, URIRef("http://www.wikidata.org/entity/Q95074")))
    assert fictional == {here(almanac, one["url"]) for one in every_record(almanac) if one["kind"] == "character"}


def test_quantities_and_identifiers(almanac: httpx.Client, graph: Graph) -> None:
    film, landing, deck = (here(almanac, path) for path in ("/films/long-dust", "/events/landing", "/places/deck-nine"))
    assert graph.value(film, SDO.duration) == Literal("PT95M", datatype=SDO.Duration)
    assert graph.value(landing, SDO.duration) == Literal("P3D", datatype=SDO.Duration)
    assert [str(one) for one in graph.objects(deck, SDO.geo / SDO.elevation)] == ["12 mile"]
    assert graph.value(film, SDO.sameAs) == URIRef("https://www.imdb.com/title/tt7654321/")
    assert [str(one) for one in graph.objects(film, SDO.identifier / SDO.propertyID)] == ["imdb"]
    assert [str(one) for one in graph.objects(film, SDO.identifier / SDO.value)] == ["tt7654321"]


def test_facts_are_claims_with_the_words_that_say_them(almanac: httpx.Client, facts: list[dict[str, Any]]) -> None:
    chosen = [fact for fact in facts if fact["qualifiers"] or fact["modality"] != "asserted"][:25]
    assert {"planned", "reported", "hoped", "negated", "fictional"} <= {fact["modality"] for fact in chosen}
    pointer = here(almanac, "/openapi.json") + "#/components/schemas/FactDocument/properties/"
    for fact in chosen:
        graph, this = graph_of(almanac, fact["url"]), here(almanac, fact["url"])
        assert {SDO.Claim, RDF.Statement} <= set(graph.objects(this, RDF.type))
        subject, term, value = (
            graph.value(this, one) for one in (RDF.subject, RDF.predicate, RDF.object)
        )  # fmt: skip
        told = fact["value"]
        text = f"{told['amount']} {told['unit']}" if isinstance(told, dict) and "unit" in told else told
        text = text["url"] if isinstance(text, dict) else text
        assert subject == here(almanac, fact["subject"]["url"])
        assert str(value).removeprefix(str(almanac.base_url).rstrip("/")) == text
        assert (subject, term, value) not in graph
        assert str(graph.value(this, URIRef(pointer + "modality"))) == fact["modality"]
        quoted = {str(one) for one in graph.objects(this, SDO.appearance / SDO.text)}
        assert quoted == {one["quote"] for one in fact["evidence"] if one["role"] == "quote"}
        (kept,) = {str(one) for one in graph.objects(this, SDO.appearance / SDO.isPartOf)}
        assert kept == str(here(almanac, fact["evidence"][0]["source"]["url"]))
        for quotation in graph.objects(this, SDO.appearance):
            url, _, place = str(graph.value(quotation, SDO.url)).partition("#char=")
            start, end = map(int, place.split(","))
            assert almanac.get(url).text[start:end] == str(graph.value(quotation, SDO.text))
    properties = almanac.get("/openapi.json").json()["components"]["schemas"]["FactDocument"]["properties"]
    assert {"modality", "inference", "rank"} <= properties.keys()


def test_receipts_of_a_record_are_claims(api: httpx.Client) -> None:
    path = "/films/cruise-liman-project"
    receipts = api.get(path, params={"evidence": "ids"}).json()["facts"]
    expected = {here(api, fact["url"]) for each in receipts.values() for fact in each}
    for style in ("ids", "quotes"):
        graph = graph_of(api, f"{path}?evidence={style}")
        claims = set(graph.objects(here(api, path), SDO.subjectOf)) & set(graph.subjects(RDF.type, SDO.Claim))
        assert {one for one in claims if isinstance(one, URIRef)} == expected
        assert bool(set(graph.subjects(RDF.type, SDO.Quotation))) == (style == "quotes")
    for name in ("fields=label", "include=events"):
        refused = api.get(f"{path}?format=jsonld&{name}")
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["parameter"] == name.partition("=")[0]


def test_source_is_an_article(api: httpx.Client) -> None:
    path = "/sources/cnn-2023-03-08-the-challenge"
    graph, this = graph_of(api, path), here(api, path)
    assert (this, RDF.type, SDO.Article) in graph
    assert str(graph.value(this, SDO.datePublished)) == "2023-03-08"
    assert [str(one) for one in graph.objects(this, SDO.publisher / SDO.name)] == ["CNN"]
    (text,) = graph.objects(this, SDO.encoding)
    assert hashlib.sha256(api.get(str(graph.value(text, SDO.contentUrl))).content).hexdigest() == str(
        graph.value(text, SDO.sha256)
    )


def test_every_term_is_one_that_exists(almanac: httpx.Client, graph: Graph) -> None:
    graph = graph + graph_of(almanac, "/films/long-dust?evidence=quotes")
    nodes = {node for triple in graph for node in triple if isinstance(node, URIRef)}
    nodes |= {one.datatype for one in graph.objects() if isinstance(one, Literal) and one.datatype}
    assert [one for one in nodes if one.startswith(str(SDO)) and one not in SDO] == []
    assert {one.split("/")[2] for one in nodes} <= {
        "schema.org", "www.w3.org", "id.loc.gov", "www.wikidata.org", "www.imdb.com", almanac.base_url.netloc.decode(),
    }  # fmt: skip
    ours = sorted(one for one in nodes if one.startswith(str(almanac.base_url)))
    assert len(ours) > 50
    assert [one for one in ours if almanac.get(one).status_code != 200] == []


@pytest.mark.parametrize("kind", KINDS)
def test_two_processors_read_the_same(api: httpx.Client, kind: Any) -> None:
    def refused(url: str, _: Any) -> Any:
        raise AssertionError(f"{url} must be fetched")

    path = api.get(f"/{PLURALS[kind]}").json()["results"][0]["url"]
    document = api.get(path, params={"format": "jsonld"}).json()
    quads = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": refused})
    assert isomorphic(Graph().parse(data=quads, format="nt"), graph_of(api, path))


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_is_its_records_and_their_order(almanac: httpx.Client, kind: Any) -> None:
    path = f"/{PLURALS[kind]}?limit=3&ordering=-label"
    page, graph = almanac.get(path).json(), graph_of(almanac, f"{path}&format=jsonld")
    (whole,) = graph.subjects(RDF.type, SDO.ItemList)
    assert graph.value(whole, SDO.numberOfItems) == Literal(page["count"])
    items = sorted(graph.objects(whole, SDO.itemListElement), key=lambda one: int(str(graph.value(one, SDO.position))))
    assert [graph.value(one, SDO.item) for one in items] == [here(almanac, one["url"]) for one in page["results"]]
    for one in page["results"]:
        alone = graph_of(almanac, f"{one['url']}?format=jsonld")
        assert {triple for triple in alone if not any(isinstance(part, BNode) for part in triple)} <= set(graph)
    answer = almanac.get(path, headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.links.get("next", {}).get("url") == (
        page["next"] and almanac.get(f"{path}&format=jsonld").links["next"]["url"].replace("&format=jsonld", "")
    )


def test_positions_are_those_in_the_whole_list(almanac: httpx.Client) -> None:
    """Forwards by cursor, backwards by cursor, and from an offset."""

    def positions(answer: httpx.Response) -> list[tuple[int, str]]:
        return [(one["position"], one["item"]["@id"]) for one in answer.json()["itemListElement"]]

    whole = positions(almanac.get("/people?format=jsonld&limit=100"))
    assert [place for place, _ in whole] == list(range(1, len(whole) + 1))
    for turn in ("next", "prev"):
        page = almanac.get(
            "/people", params={"format": "jsonld", "limit": 3, "offset": 0 if turn == "next" else len(whole)}
        )
        pages = []
        while turn in page.links:
            pages.append(positions(page))
            page = almanac.get(page.links[turn]["url"])
        pages.append(positions(page))
        assert sorted(one for each in pages for one in each) == sorted(whole)
        assert len(pages) > 3
    assert positions(almanac.get("/people?format=jsonld&limit=2&offset=3")) == whole[3:5]


def test_representation_is_chosen(api: httpx.Client) -> None:
    path = "/films/the-challenge"
    by_name = api.get(path, params={"format": "jsonld"}, headers={"Accept": "text/csv"})
    by_header = api.get(path, headers={"Accept": "application/ld+json, application/json;q=0.5"})
    assert by_name.json() == by_header.json()
    assert by_name.headers["content-type"] == "application/ld+json"
    assert by_name.headers["etag"] != api.get(path).headers["etag"] != by_header.headers["etag"]
    assert api.get(path, headers={"Accept": "*/*"}).headers["content-type"] == "application/json"
    refused = api.get(path, params={"format": "jsonl"})
    assert refused.status_code == 422
    assert json.loads(refused.text)["errors"][0]["did_you_mean"] == "jsonld"


def test_all_dates_have_the_datatype_of_dates(almanac: httpx.Client) -> None:
    context = almanac.get("/people?limit=1", headers={"Accept": "application/ld+json"}).json()["@context"]
    dates = {one.schema_org for one in PROPERTIES.values() if one.value_type == "date" and one.schema_org}
    assert {"birthDate", "deathDate", "foundingDate"} < dates
    assert {name: context.get(name) for name in dates} == {name: {"@type": "Date"} for name in dates}


def test_a_description_that_is_a_plan_is_a_claim(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    text = "The Sea Gala will be a feast by the sea."
    claims = [
        a_claim("event/sea", name, value, quote=text, modality="planned")
        for name, value in (("name", "Sea Gala"), ("description", "a feast by the sea"))
    ]
    load(engine, a_folder(tmp_path, "gazette", text, claims))
    api = serving(engine)
    assert "description" in api.get("/events/sea").json()["planned"]
    graph = graph_of(api, "/events/sea")
    assert not set(graph.objects(here(api, "/events/sea"), SDO.description))
    assert {str(one) for one in graph.objects(None, RDF.object)} == {"a feast by the sea"}
