"""A source as W3C Web Annotations: what two JSON-LD processors read is what the JSON says, in the same words."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyld import jsonld  # type: ignore[import-untyped]  # it has none
from rdflib import RDF, BNode, Graph, Namespace
from sqlalchemy import Engine

from app.renderings.annotations import CONTEXT, CONTEXT_URL
from tests.conftest import Serving
from tests.makers import a_claim, a_folder, load

# The processor reads JSON-LD by an interface of its own that it has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated, use Dataset:DeprecationWarning")

OA = Namespace("http://www.w3.org/ns/oa#")
AS = Namespace("http://www.w3.org/ns/activitystreams#")
SOURCES = ("cnn-2023-03-08-the-challenge", "sample-almanac-2022", "other-gazette-2022")
every_source = pytest.mark.parametrize("slug", SOURCES)
Quote = tuple[str, str, int, int]


def the_context(url: str, _: Any) -> dict[str, Any]:
    """Stands in for the network: what the W3C answers at the one URL that may be asked for, in our own words."""
    assert url == CONTEXT_URL
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": CONTEXT}}


def annotated(api: httpx.Client, slug: str, **parameters: Any) -> httpx.Response:
    answer = api.get(f"/sources/{slug}/annotated", params={"format": "jsonld", **parameters})
    assert answer.status_code == 200, answer.text
    return answer


def told_by_json(api: httpx.Client, slug: str) -> set[Quote]:
    """(URL of what is said or named, what for, start, end) of every fact and every name."""
    here = str(api.base_url).rstrip("/")
    sentences = api.get(f"/sources/{slug}/annotated").json()["sentences"]
    facts = {(fact["url"], "describing", fact["start"], fact["end"]) for one in sentences for fact in one["facts"]}
    names = {
        (mention["entity"]["url"], "identifying", mention["start"], mention["end"])
        for one in sentences
        for mention in one["mentions"]
    }
    return {(here + url, *rest) for url, *rest in facts | names}


@every_source
def test_processor_reads_the_quotes_that_the_json_has(almanac: httpx.Client, slug: str) -> None:
    (whole,) = jsonld.expand(annotated(almanac, slug).json(), {"documentLoader": the_context})
    text, here = almanac.get(f"/sources/{slug}/text").text, str(almanac.base_url).rstrip("/")
    (page,) = whole[str(AS.first)]
    items = page[str(AS["items"])][0]["@list"]
    found = set()
    for item in items:
        assert item["@type"] == [str(OA.Annotation)]
        (target,) = item[str(OA.hasTarget)]
        assert target[str(OA.hasSource)][0]["@id"] == f"{here}/sources/{slug}/text"
        position, quote = target[str(OA.hasSelector)]
        start, end = (position[str(OA[name])][0]["@value"] for name in ("start", "end"))
        exact, prefix, suffix = (quote[str(OA[name])][0]["@value"] for name in ("exact", "prefix", "suffix"))
        assert text[start:end] == exact
        assert text[:start].endswith(prefix)
        assert text[end:].startswith(suffix)
        assert len(prefix) >= min(start, 16)
        assert len(suffix) >= min(len(text) - end, 16)
        (motivation,) = item[str(OA.motivatedBy)]
        url = item[str(OA.hasBody)][0][str(OA.hasSource)][0]["@id"]
        found.add((url, motivation["@id"].removeprefix(str(OA)), start, end))
    assert len(found) == len(items) == whole[str(AS.totalItems)][0]["@value"]
    assert found == told_by_json(almanac, slug)
    assert len({item["@id"] for item in items}) == len(items)


@every_source
def test_quotes_are_those_of_the_facts(almanac: httpx.Client, slug: str) -> None:
    """Each annotation quotes what the fact itself says that it quotes from this source, with the same neighbours."""
    items = annotated(almanac, slug).json()["first"]["items"]
    quoted = set()
    for item in items:
        if item["motivation"] == "describing":
            _, selector = item["target"]["selector"]
            quoted.add((item["body"][0]["source"], *(selector[name] for name in ("exact", "prefix", "suffix"))))
    facts = almanac.get("/facts", params={"source": slug, "limit": 100}).json()
    results = list(facts["results"])
    while facts["next"]:
        facts = almanac.get(facts["next"]).json()
        results += facts["results"]
    assert quoted == {
        (str(almanac.base_url).rstrip("/") + fact["url"], one["quote"], one["prefix"], one["suffix"])
        for fact in results
        for one in fact["evidence"]
        if one["role"] == "quote" and one["source"]["slug"] == slug
    }


def test_bodies_lead_to_what_is_said_and_in_what_sense(almanac: httpx.Client) -> None:
    items = annotated(almanac, "sample-almanac-2022").json()["first"]["items"]
    said = [item for item in items if item["motivation"] == "describing"]
    seen = set()
    for item in said:
        linked, described, tag = item["body"]
        fact = almanac.get(linked["source"]).json()
        assert (linked["purpose"], described["purpose"], tag["purpose"]) == ("linking", "describing", "tagging")
        assert tag["value"] == fact["modality"]
        assert described["value"].startswith(f"{fact['subject']['label']}: ")
        seen.add(fact["modality"])
    assert seen == {"asserted", "reported", "planned", "hoped", "negated", "fictional"}
    assert [item for item in items if almanac.get(item["body"][0]["source"]).status_code != 200] == []
    assert {"value": "negated", "type": "TextualBody", "purpose": "tagging"} in [item["body"][2] for item in said]


def test_context_is_the_one_of_the_w3c_or_says_the_same_inline(api: httpx.Client) -> None:
    remote, inline = (annotated(api, SOURCES[0], context=name) for name in ("w3c", "inline"))
    assert remote.headers["content-type"] == f'application/ld+json; profile="{CONTEXT_URL}"'
    assert remote.json()["@context"] == CONTEXT_URL
    quads = jsonld.to_rdf(remote.json(), {"format": "application/n-quads", "documentLoader": the_context})
    graph, other = Graph().parse(data=inline.text, format="json-ld"), Graph().parse(data=quads, format="nt")
    # To match the blank nodes of hundreds of annotations takes minutes; these are enough to see a term that differs.
    assert triples_of(graph) == triples_of(other)
    assert len(set(graph.subjects(RDF.type, OA.Annotation))) == remote.json()["total"] > 150
    # Terms that a context does not know are dropped without a word.
    (expanded,) = jsonld.expand(remote.json(), {"documentLoader": the_context})
    assert json.dumps(expanded).count('"http') > remote.text.count('"id"')
    assert keys_of(remote.json()) - {"@context"} <= CONTEXT.keys()
    by_header = api.get(f"/sources/{SOURCES[0]}/annotated", headers={"Accept": remote.headers["content-type"]})
    assert by_header.json() == remote.json()


def triples_of(graph: Graph) -> Counter[tuple[str, ...]]:
    """The triples, with all blank nodes alike."""
    return Counter(tuple("_:" if isinstance(one, BNode) else one.n3() for one in triple) for triple in graph)


def keys_of(value: Any) -> set[str]:
    if isinstance(value, list):
        return {key for one in value for key in keys_of(one)}
    return {*value, *(key for one in value.values() for key in keys_of(one))} if isinstance(value, dict) else set()


def test_many_annotations_come_in_pages(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    article = "A thing that is called Orb.\n" + ("Orb 𝄞 " * 70 + "is here.\n") * 30
    claims = [a_claim("place/orb", "name", "Orb", quote="A thing that is called Orb.")]
    load(engine, a_folder(tmp_path, "sample-orb", article, claims))
    api = serving(engine)
    whole = annotated(api, "sample-orb").json()
    assert whole["total"] == 2102
    pages = [whole["first"]]
    while "next" in pages[-1]:
        pages.append(api.get(pages[-1]["next"]).json())
    assert [len(page["items"]) for page in pages] == [1000, 1000, 102]
    assert [page["startIndex"] for page in pages] == [0, 1000, 2000]
    assert whole["last"] == pages[-1]["id"]
    assert [page.get("prev") for page in pages] == [None, pages[0]["id"], pages[1]["id"]]
    assert {page["partOf"]["id"] for page in pages[1:]} == {whole["id"]}
    assert api.get(pages[0]["id"]).json()["items"] == pages[0]["items"]
    text = api.get("/sources/sample-orb/text").text
    spans = [item["target"]["selector"][0] for page in pages for item in page["items"]]
    assert [text[one["start"] : one["end"]] for one in spans[1:]] == ["Orb"] * 2101
    beyond = api.get("/sources/sample-orb/annotated?format=jsonld&page=4")
    assert (beyond.status_code, beyond.json()["code"]) == (404, "not_found")
    for query in ("format=jsonld&page=0", "format=jsonld&page=x", "page=1", "context=inline", "format=csv"):
        refused = api.get(f"/sources/sample-orb/annotated?{query}")
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["parameter"] in query
