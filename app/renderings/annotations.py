"""The facts and the names of a source as W3C Web Annotations of its text. Pure.

https://www.w3.org/TR/annotation-model/ demands its own context by URL, and that is what is sent unless a client asks
for the same terms inline, for a processor that fetches nothing. Its positions count code points, as ours do.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.passages import passage_at
from app.renderings import words
from app.renderings.nodes import Absolute, Node

CONTEXT_URL = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT_URL}"'
PAGE_SIZE = 1000

_COUNT = {"@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"}
_LINK = {"@type": "@id"}
_TERM = {"@type": "@vocab"}
_OA_TYPES = ("Annotation", "SpecificResource", "TextualBody", "TextPositionSelector", "TextQuoteSelector")
# The terms that are used here, as the W3C's context has them.
CONTEXT: Node = {
    "oa": "http://www.w3.org/ns/oa#",
    "as": "http://www.w3.org/ns/activitystreams#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "id": "@id",
    "type": "@type",
    **{name: f"oa:{name}" for name in (*_OA_TYPES, "describing", "identifying", "linking", "tagging")},
    **{name: f"oa:{name}" for name in ("exact", "prefix", "suffix")},
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    "body": {"@id": "oa:hasBody", **_LINK},
    "target": {"@id": "oa:hasTarget", **_LINK},
    "source": {"@id": "oa:hasSource", **_LINK},
    "selector": {"@id": "oa:hasSelector", **_LINK},
    "motivation": {"@id": "oa:motivatedBy", **_TERM},
    "purpose": {"@id": "oa:hasPurpose", **_TERM},
    "start": {"@id": "oa:start", **_COUNT},
    "end": {"@id": "oa:end", **_COUNT},
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "language": "dc:language",
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "total": {"@id": "as:totalItems", **_COUNT},
    "startIndex": {"@id": "as:startIndex", **_COUNT},
    "items": {"@id": "as:items", "@container": "@list", **_LINK},
    **{name: {"@id": f"as:{name}", **_LINK} for name in ("first", "last", "next", "prev", "partOf")},
}


class Annotations:
    """All annotations of one source, and how they are cut into pages."""

    def __init__(self, document: Mapping[str, Any], text: str, absolute: Absolute) -> None:
        self._text, self._absolute = text, absolute
        self._path = f"{document['source']['url']}/annotated"
        self._text_path = f"{document['source']['url']}/text"
        self._title = document["source"]["title"] or document["source"]["slug"]
        self._items = [*self._annotations(document)]

    @property
    def page_count(self) -> int:
        """How many pages there are; one at least, which may be empty."""
        return max(1, -(-len(self._items) // PAGE_SIZE))

    def collection(self) -> Node:
        """The whole: how many there are, and the first page."""
        last = {} if self.page_count == 1 else {"last": self._url(self.page_count)}
        return {
            "id": self._url(None), "type": "AnnotationCollection", "label": f"What is said and named in {self._title}",
            "total": len(self._items), "first": self._page(1), **last,
        }  # fmt: skip

    def page(self, number: int) -> Node:
        """One page of it, by number, the first of which is 1."""
        found = self._page(number)
        return {**found, "partOf": {"id": self._url(None), "type": "AnnotationCollection", "total": len(self._items)}}

    def _page(self, number: int) -> Node:
        start = (number - 1) * PAGE_SIZE
        beside = {
            **({"next": self._url(number + 1)} if number < self.page_count else {}),
            **({"prev": self._url(number - 1)} if number > 1 else {}),
        }
        items = self._items[start : start + PAGE_SIZE]
        return {"id": self._url(number), "type": "AnnotationPage", "startIndex": start, **beside, "items": items}

    def _url(self, page: int | None) -> str:
        return self._absolute(f"{self._path}?format=jsonld{f'&page={page}' if page else ''}")

    def _annotations(self, document: Mapping[str, Any]) -> Iterator[Node]:
        """In the order of the text. A quote that runs on through several sentences stands with the first."""
        seen = set()
        for sentence in document["sentences"]:
            for fact in sentence["facts"]:
                name = f"fact-{fact['id']}-{fact['start']}-{fact['end']}"
                if name not in seen:
                    seen.add(name)
                    yield self._annotation(name, "describing", self._stated(fact), fact)
            for mention in sentence["mentions"]:
                entity = mention["entity"]
                name = f"{entity['kind']}-{entity['slug']}-{mention['start']}-{mention['end']}"
                yield self._annotation(name, "identifying", [self._linked(entity["url"], "identifying")], mention)

    def _annotation(self, name: str, motivation: str, body: list[Node], at: Mapping[str, Any]) -> Node:
        found = passage_at(self._text, at["start"], at["end"])
        return {
            "id": self._absolute(f"{self._path}#{name}"), "type": "Annotation", "motivation": motivation, "body": body,
            "target": {
                "type": "SpecificResource", "source": self._absolute(self._text_path),
                "selector": [
                    {"type": "TextPositionSelector", "start": found.start, "end": found.end},
                    {"type": "TextQuoteSelector", "exact": found.exact, "prefix": found.prefix, "suffix": found.suffix},
                ],
            },
        }  # fmt: skip

    def _stated(self, fact: Mapping[str, Any]) -> list[Node]:
        """The fact, what it says in words, and in what sense it holds."""
        return [
            self._linked(fact["url"], "linking"),
            {"type": "TextualBody", "value": words.statement(fact), "language": "en", "purpose": "describing"},
            {"type": "TextualBody", "value": fact["modality"], "purpose": "tagging"},
        ]  # fmt: skip

    def _linked(self, path: str, purpose: str) -> Node:
        return {"type": "SpecificResource", "source": self._absolute(path), "purpose": purpose}


def rendered(data: Node, *, is_inline: bool) -> Node:
    """A collection or a page as a document: with the W3C's context by its URL, or with its terms."""
    return {"@context": CONTEXT if is_inline else CONTEXT_URL, **data}
