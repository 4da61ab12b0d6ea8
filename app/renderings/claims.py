"""Facts and sources as JSON-LD: claims, with where they appear, in the words of schema.org. Pure.

A fact is told as an RDF statement with its subject, predicate and object, and so is not stated, whatever its modality.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from app.documents.evidence import Reference
from app.renderings import literals, words
from app.renderings.nodes import TIMES, Absolute, Node, context, iri, plain, ref
from app.vocabulary import PROPERTIES

# The qualifiers that schema.org has a term for.
_QUALIFIERS = {"character": "character", "role": "roleName"}
_ITEMS = "http://www.wikidata.org/entity/"
_NO_IRI = re.compile(r"""[\x00-\x20\x7f-\x9f<>"{}|\\^`]""")
_URL = re.compile(r"""https?://[^\s<>"{}|\\^`]+""")


def fact(document: Mapping[str, Any], absolute: Absolute) -> Node:
    """A fact as a JSON-LD document."""
    return {"@context": context(absolute), **claim(document, absolute)}


def source(document: Mapping[str, Any], absolute: Absolute) -> Node:
    """A source as a JSON-LD document."""
    path = document["text_url"]  # a data set has none
    text = {"contentUrl": {"@id": absolute(path)}, "encodingFormat": "text/plain"} if path else {}
    encoding = {"@type": "MediaObject", **text, "sha256": document["sha256"]}
    told = {
        "url": _iri(document["original_url"]), "inLanguage": document["language"], "version": document["version"],
        "encoding": encoding, "subjectOf": {"@type": "Dataset", "@id": absolute(document["facts_url"])},
    }  # fmt: skip
    known = {key: value for key, value in told.items() if value is not None}
    return {"@context": context(absolute), **_work(document, document["kind"] == "dataset", absolute), **known}


def claim(document: Mapping[str, Any], absolute: Absolute) -> Node:
    """A fact as JSON-LD without its context."""
    prop = PROPERTIES[document["property"]]
    told: Node = {
        "@id": absolute(document["url"]), "@type": ["Claim", "rdf:Statement"], "text": words.statement(document),
        "about": ref(document["subject"], absolute),
        "rdf:subject": {"@id": absolute(document["subject"]["url"])},
        "rdf:predicate": {"@id": iri(prop, absolute)},
        "rdf:object": plain(document["value"], absolute, prop),
        **{f"fact:{key}": document[key] for key in ("modality", "inference", "rank")},
    }  # fmt: skip
    for name, key in zip(TIMES, ("recorded_at", "withdrawn_at"), strict=True):
        if document[key]:
            told[name] = document[key]
    if document["attributed_to"]:
        told["author"] = document["attributed_to"]
    for name, value in document["qualifiers"].items():
        if name in _QUALIFIERS:
            told[_QUALIFIERS[name]] = value if isinstance(value, str) else ref(value, absolute)
        elif name in PROPERTIES:
            told[f"filmspace:{name}"] = plain(value, absolute, PROPERTIES[name])
    # What only a curator notes appears nowhere; its author tells that.
    for name, role in (("appearance", "quote"), ("citation", "context")):
        if found := [_quotation(one, absolute) for one in document["evidence"] if one["role"] == role]:
            told[name] = found
    return told


def _quotation(evidence: Mapping[str, Any], absolute: Absolute) -> Node:
    """The words that say it. Their URL is their place in the text (RFC 5147), which counts as we do."""
    work = _work(evidence["source"], evidence["start"] is None, absolute)
    if evidence["start"] is None:
        referred = [_reference(one) for one in evidence["references"]]
        cited = {"citation": referred} if referred else {}
        return {"@type": "CreativeWork", "identifier": evidence["locator"], "isPartOf": work, **cited}
    place = f"{evidence['source']['url']}/text#char={evidence['start']},{evidence['end']}"
    return {"@type": "Quotation", "text": evidence["quote"], "url": absolute(place), "isPartOf": work}


def _reference(reference: Mapping[str, Any]) -> Node:
    """What a data set says that it has it from. schema.org has no word for when that was looked up."""
    told = {
        "name": reference["titles"],
        "url": [one for one in reference["urls"] if _is_url(one)],
        "isPartOf": [_identified(one) for one in reference["stated_in"]],
        "isBasedOn": [_identified(one) for one in reference["imported_from"]],
        "description": Reference.model_validate(reference).in_words(),
    }
    return {"@type": "CreativeWork", **{key: value for key, value in told.items() if value}}


def _identified(identifier: str) -> Node:
    return {"@type": "CreativeWork", "@id": f"{_ITEMS}{identifier.partition(':')[2]}"}


def _iri(url: str | None) -> str | None:
    """The URL of a source, with what stands in no IRI percent-encoded: browsers take it as it is."""
    return url and _NO_IRI.sub(lambda found: quote(found[0]), url)


def _is_url(told: str) -> bool:
    """Whether it may stand where JSON-LD has an IRI."""
    return bool(_URL.fullmatch(told))


def _work(document: Mapping[str, Any], is_dataset: bool, absolute: Absolute) -> Node:
    publisher, published = document["publisher"], document["published"]
    told = {
        "name" if is_dataset else "headline": document["title"],
        "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
        "datePublished": literals.date_literal(published) if published else None,
    }
    known = {key: value for key, value in told.items() if value is not None}
    return {"@id": absolute(document["url"]), "@type": "Dataset" if is_dataset else "Article", **known}
