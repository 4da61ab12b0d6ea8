"""Texts that people have annotated (RE-DocRED, GUM, WebNLG, our own seeds), with what a draft of them may have."""

import gzip
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.loading import dates
from app.loading.seed import read_folder
from app.words import whole

# The one of our seeds that the rules were written with.
_TUNED_WITH = "cnn-2023-03-08-the-challenge"
SETS = ("redocred", "gum", "webnlg")
_LINKS = {
    "P57": "director", "P161": "cast", "P162": "producer", "P272": "production_company", "P577": "release_date",
    "P569": "birth_date", "P463": "affiliation", "P108": "affiliation",
    "P1441": "present_in_work",
}  # fmt: skip
_KINDS = {
    "PER": {"person", "character"}, "ORG": {"organisation"}, "LOC": {"place"}, "MISC": set[str](),
    "person": {"person", "character"}, "organization": {"organisation"}, "place": {"place"}, "event": {"event"},
}  # fmt: skip
_NO_BLANK_BEFORE = frozenset({",", ".", ";", ":", "?", "!", ")", "'s", "n't", "%", "'", "’s", "’"})
_TRIPLES = {"birthDate": "birth_date", "occupation": "occupation", "nationality": "nationality"}
_NATIONALITIES = {"unitedstates": "american"}
_ADJECTIVE = re.compile(r".*(?:ese|ish|ian|can|ean|ani|ench|utch|reek|erman|wiss|elsh)$")


@dataclass(frozen=True, eq=False)
class Name:
    """A name as whole words, in each of its spellings, and the kinds that it may be of; none if any will do."""

    spellings: frozenset[str]
    kinds: frozenset[str]


@dataclass(frozen=True, eq=False)
class Date:
    """A date at its place, and what it means where the data says that."""

    start: int
    end: int
    value: str | None = None


@dataclass
class Document:
    """A text as an article has it, with what people marked in it; None is what they did not mark.

    `properties` are those of ours that the data has, with the one that each counts as; `alike` has for a spelling the
    one that stands for all spellings of the same.
    """

    data: str
    title: str
    text: str
    names: list[Name] | None = None
    dates: list[Date] | None = None
    said: set[tuple[str, str, str]] | None = None
    properties: dict[str, str] = field(default_factory=dict)
    alike: dict[str, str] = field(default_factory=dict)
    part: str | None = None


def missing(folder: Path) -> list[str]:
    """The data sets that are not there."""
    return [name for name in SETS if not (folder / name).is_dir()]


def documents(folder: Path, seeds: Path) -> Iterator[Document]:
    """Every document of the data sets that are there, and of our seeds."""
    for path in sorted((folder / "redocred").glob("*.json.gz")):
        yield from (_redocred(one) for one in json.loads(gzip.decompress(path.read_bytes())))
    for path in sorted((folder / "gum").glob("*.conllu.gz")):
        yield _gum(gzip.decompress(path.read_bytes()).decode())
    for path in sorted((folder / "webnlg").glob("*.xml.gz")):
        yield from _webnlg(gzip.decompress(path.read_bytes()).decode())
    yield from (_seed(one) for one in sorted(seeds.iterdir()) if (one / "claims.yaml").is_file())


def _text_of(sentences: list[list[str]]) -> tuple[str, list[list[tuple[int, int]]]]:
    """Tokens put together as prose, a line for each sentence, and where each token stands."""
    text, places = "", list[list[tuple[int, int]]]()
    for tokens in sentences:
        places.append([])
        for number, token in enumerate(tokens):
            glued = number == 0 or token in _NO_BLANK_BEFORE or tokens[number - 1] in ("(", "$")
            text += token if glued else f" {token}"
            places[-1].append((len(text) - len(token), len(text)))
        text += "\n"
    return text, places


def _redocred(document: dict[str, Any]) -> Document:
    text, places = _text_of(document["sents"])

    def spelt(mention: dict[str, Any]) -> str:
        spans = places[mention["sent_id"]][slice(*mention["pos"])]
        return text[spans[0][0] : spans[-1][1]]

    entities = document["vertexSet"]
    spellings = [{whole(_bare(spelt(one))) for one in mentions} for mentions in entities]
    named = [
        Name(frozenset(words), frozenset(_KINDS[mentions[0]["type"]]))
        for words, mentions in zip(spellings, entities, strict=True)
        # What is only an adjective in the text, British or French, is a nationality here and no name.
        if mentions[0]["type"] in _KINDS and not all(_ADJECTIVE.match(word) for word in words)
    ]
    told = [
        Date(places[one["sent_id"]][one["pos"][0]][0], places[one["sent_id"]][one["pos"][1] - 1][1])
        for mentions in entities
        if mentions[0]["type"] == "TIME"
        for one in mentions
    ]
    alike = {word: min(words) for words in spellings for word in words}
    said = set()
    for label in document["labels"]:
        if name := _LINKS.get(label["r"]):
            tail = entities[label["t"]][0]
            value = max(dates.stated_in(spelt(tail)), key=len, default="") if tail["type"] == "TIME" else ""
            said.add((min(spellings[label["h"]]), name, whole(value) or min(spellings[label["t"]])))
    properties = {name: name for name in _LINKS.values()} | {"point_in_time": "release_date"}
    return Document("redocred", document["title"], text, named, told, said, properties, alike)


def _gum(conllu: str) -> Document:
    """Entities stand in the last column as brackets: `(12-person-…` opens, `12)` closes; dates as `<date when=…>`."""
    lines, meta = list[list[list[str]]](), dict[str, str]()
    for row in conllu.splitlines():
        if row.startswith("# meta::"):
            key, _, value = row[8:].partition(" = ")
            meta[key] = value
        elif row.startswith("# sent_id"):
            lines.append([])
        elif re.match(r"\d+\t", row):
            lines[-1].append(row.split("\t"))
    text, places = _text_of([[token[1] for token in line] for line in lines])
    names, told = list[Name](), list[Date]()
    for line, spans in zip(lines, places, strict=True):
        open_entities = list[tuple[str, str, int, str]]()
        for index, token in enumerate(line):
            told += _gum_date(token[9], line, spans, index)
            marks = re.search(r"(?:^|\|)Entity=([^|]*)", token[9])
            for mark in re.findall(r"\([^()]*\)?|[^()]+\)", marks[1] if marks else ""):
                if mark.startswith("("):
                    number, kind, *more = mark.strip("()").split("-")
                    head = next((one for one in more if re.fullmatch(r"\d+(?:,\d+)*", one)), "1")
                    open_entities.append((number, kind, index, head))
                if mark.endswith(")"):
                    number = mark.strip("()").split("-")[0]
                    at = next((i for i in range(len(open_entities) - 1, -1, -1) if open_entities[i][0] == number), None)
                    if at is not None:
                        _, kind, first, head = open_entities.pop(at)
                        main = line[min(first + int(head.split(",")[0]) - 1, index)]
                        if main[3] == "PROPN" and kind in _KINDS:
                            proper = [i for i in range(first, index + 1) if line[i][3] == "PROPN"]
                            words = {
                                text[spans[first][0] : spans[index][1]],
                                text[spans[proper[0]][0] : spans[proper[-1]][1]],
                            }
                            names.append(Name(frozenset(whole(_bare(one)) for one in words), frozenset(_KINDS[kind])))
    day = meta.get("dateCreated", "")
    header = f"title: {meta['title']}\npublished: {day}\n---\n" if meta.get("title") else ""
    return Document(
        "gum",
        meta.get("title", ""),
        header + text,
        _merged(names),
        [Date(one.start, one.end, one.value) for one in told],
    )


def _gum_date(misc: str, line: list[list[str]], spans: list[tuple[int, int]], index: int) -> Iterator[Date]:
    match = re.search(r'<date (?:[a-zA-Z]+:::"[^"]*" )*when:::"([0-9-]+)"', misc)
    if match:
        last = next((i for i in range(index, len(line)) if "</date>" in line[i][9]), index)
        yield Date(spans[index][0], spans[last][1], match[1])


def _merged(names: list[Name]) -> list[Name]:
    """Names that share a spelling as one."""
    merged: list[Name] = []
    for one in names:
        same = [other for other in merged if other.spellings & one.spellings]
        spellings = one.spellings.union(*(other.spellings for other in same))
        kinds = one.kinds.union(*(other.kinds for other in same))
        merged = [*(other for other in merged if other not in same), Name(spellings, kinds)]
    return merged


def _webnlg(xml: str) -> Iterator[Document]:
    """Sentences that people wrote from triples; only the properties count that ours can say."""
    for entry in ElementTree.fromstring(xml).iter("entry"):
        said = set()
        for triple in entry.iter("otriple"):
            subject, name, value = (part.strip().strip('"') for part in (triple.text or "").split(" | "))
            if ours := _TRIPLES.get(name):
                plain = value.replace("_", " ").split('"')[0]
                said.add((whole(subject.replace("_", " ")), ours, whole(plain)))
        for lex in entry.iter("lex"):
            text = (lex.findtext("text") or "").strip()
            title = f"{entry.get('eid')} {entry.get('size')}"
            yield Document(
                "webnlg", title, text, said={(s, p, _NATIONALITIES.get(v, v)) for s, p, v in said},
                properties={name: name for name in _TRIPLES.values()},
            )  # fmt: skip


def _seed(folder: Path) -> Document:
    """A source of ours, drafted anew: all that its claims say but names, labels and descriptions."""
    seed = read_folder(folder)
    called = {one.subject: one.value or "" for one in seed.claims if one.property in ("label", "name")}
    spellings = dict[str, set[str]]()
    for one in seed.claims:
        if one.property in ("name", "alternate_name"):
            spellings.setdefault(one.subject, set()).add(whole(one.value or ""))
    alike = {word: whole(called[entity]) for entity, words in spellings.items() for word in words if entity in called}
    names = [Name(frozenset(words), frozenset({entity.partition("/")[0]})) for entity, words in spellings.items()]
    said = {
        (whole(called[one.subject]), one.property, whole(one.value or called[one.object or ""]))
        for one in seed.claims
        if one.property not in ("name", "label", "alternate_name", "description")
        and one.modality in ("asserted", "planned", "reported")
    }
    properties = {one.property: one.property for one in seed.claims}
    text = (folder / "article.txt").read_text(encoding="utf-8")
    return Document(
        "seeds",
        folder.name,
        text,
        names,
        None,
        said,
        {p: p for p in properties if p not in ("name", "label", "alternate_name", "description")},
        alike,
        part="tuning" if folder.name == _TUNED_WITH else "held-out",
    )


def _bare(words: str) -> str:
    return re.sub(r"^(?:[Tt]he|[Aa]n?) ", "", words)
