"""Makers of the things that tests need, each with what does not matter filled in."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy import Engine

from app import edtf
from app.audit import problems
from app.db import for_writing, scratch
from app.loading.load import LoadReport, load_seed
from app.loading.problems import RefusedError
from app.loading.seed import read_folder
from app.queries.records.fields import Field
from app.vocabulary import Kind

ROOT = Path(__file__).parent.parent
# The first article, and all seeds in the order in which the server loads them.
SEED = ROOT / "seeds" / "cnn-2023-03-08-the-challenge"
SEEDS = sorted(folder for folder in SEED.parent.iterdir() if folder.is_dir())
# Some of what the article speaks of, and it itself.
SLUGS = {
    "film": ("the-challenge", "imax-documentary-2002"),
    "person": ("klim-shipenko", "yulia-peresild"),
    "organisation": ("roscosmos", "nasa"),
    "event": ("the-challenge-filming", "space-race"),
    "place": ("international-space-station", "russia"),
    "character": ("zhenya", "sick-cosmonaut"),
    "source": (SEED.name,),
}


def slugs_for(kind: Kind, field: Field) -> list[str]:
    """What a list of this kind can be filtered by, if the field is one that names something."""
    kinds = {"slug": (kind,), "source": ("source",)}.get(field.type, field.kinds)
    return [slug for one in kinds for slug in SLUGS[one]]


def a_claim(
    subject: str,
    name: str,
    value: str | None = None,
    *,
    quote: str | Sequence[str],
    modality: str = "asserted",
    **more: Any,
) -> dict[str, Any]:
    """A claim as claims.yaml has it; `object` is among what is more."""
    claim: dict[str, Any] = {"subject": subject, "property": name, "quote": quote, "modality": modality, **more}
    if value is not None:
        claim["value"] = value
    return claim


def a_folder(
    parent: Path,
    slug: str,
    article: str,
    claims: Sequence[Mapping[str, Any]],
    *,
    entities: Sequence[Any] | None = None,
    source: Mapping[str, Any] | None = None,
) -> Path:
    """A source folder on disk. Its entities are by default those that the claims are about or point to."""
    named = [claim[key] for claim in claims for key in ("subject", "object") if claim.get(key)]
    named += [claim["qualifiers"]["character"] for claim in claims if "character" in claim.get("qualifiers", {})]
    folder = parent / slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "article.txt").write_text(article, encoding="utf-8")
    content: dict[str, Any] = {
        "entities": list(entities or dict.fromkeys(named)),
        "claims": [dict(one) for one in claims],
    }
    if source:
        content["source"] = dict(source)
    (folder / "claims.yaml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def a_dated_folder(parent: Path, slug: str, said: Sequence[tuple[Any, ...]], **source: str) -> Path:
    """A source that says (subject, property, EDTF date, more of the claim), each in a line of its own.

    Every subject is called by its slug, or by the `label` among what is more.
    """
    lines: list[str] = []
    claims: dict[tuple[str, str, str], dict[str, Any]] = {}
    for subject, name, value, *others in said:
        more = dict(others[0]) if others else {}
        parts = [atom.text.rstrip("~?") for atom in edtf.atoms(value)]
        parts = [f"{part[:3]}0s" if part.endswith("X") else part for part in parts]
        called = more.pop("label", subject.partition("/")[2])
        lines.append(f"Line {len(lines)}: {called} in {' and '.join(parts)}.")
        claims.setdefault((subject, "label", ""), a_claim(subject, "label", called, quote=lines[-1]))
        claim = a_claim(subject, name, value, quote=lines[-1], **{"inference": "implied", **more})
        claims[subject, name, f"{value} {claim['modality']}"] = claim
    told = {"published": "2023-01-01", **source}
    return a_folder(parent, slug, "\n".join(lines), list(claims.values()), source=told)


def load(engine: Engine, folder: Path) -> LoadReport:
    """Load a source folder in a transaction of its own."""
    with for_writing(engine).begin() as connection:
        return load_seed(connection, read_folder(folder), actor="tests")


def refused(engine: Engine, folder: Path) -> list[str]:
    """Why a folder is not loaded, in sentences."""
    with pytest.raises(RefusedError) as caught:
        load(engine, folder)
    return [str(problem) for problem in caught.value.problems]


def check(engine: Engine) -> list[str]:
    """What `filmspace check` finds, as it finds it."""
    with scratch(engine) as connection:
        return list(problems(connection))


def get(client: httpx.Client, path: str, **query: str | int) -> dict[str, Any]:
    """What is answered with 200."""
    response = client.get(path, params=query or None)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def connected(client: httpx.Client) -> socket.socket:
    """A connection to the server of a client."""
    return socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=30)


def answered(client: httpx.Client, request: bytes) -> bytes:
    """All that is answered to bytes that no client library would send, until the server closes the connection."""
    with connected(client) as raw:
        raw.sendall(request)
        return raw.makefile("rb").read()


def every_fact(client: httpx.Client) -> Iterator[dict[str, Any]]:
    """All facts, by following `next`."""
    path: str | None = "/facts?limit=100"
    while path:
        page = client.get(path).json()
        yield from page["results"]
        path = page["next"]


FIRST = [
    a_claim("film/orbit-one", "name", "Orbit One", quote="Ada Byte directed Orbit One"),
    a_claim("person/ada-byte", "name", "Ada Byte", quote="Ada Byte directed Orbit One"),
    a_claim("film/orbit-one", "director", object="person/ada-byte", quote="Ada Byte directed Orbit One"),
    a_claim("film/orbit-one", "film_type", "short film", quote="the short film Orbit One"),
]
SECOND = [
    a_claim("film/orbit-1", "name", "Orbit 1", quote="A. Byte directed Orbit 1"),
    a_claim("person/a-byte", "name", "A. Byte", quote="A. Byte directed Orbit 1"),
    a_claim("film/orbit-1", "director", object="person/a-byte", quote="A. Byte directed Orbit 1"),
    a_claim("film/orbit-1", "film_type", "feature film", quote="the feature film Orbit 1"),
]


def gazette(folder: Path, slug: str, article: str, claims: Sequence[dict[str, Any]], year: int) -> Path:
    """A source of this publisher and year."""
    return a_folder(folder, slug, article, claims, source={"publisher": slug, "published": f"{year}-01-01"})


def two_gazettes(folder: Path) -> tuple[Path, Path]:
    """Two sources that call the same film and its director by two names each."""
    first = gazette(folder, "first", "Ada Byte directed Orbit One. See the short film Orbit One.", FIRST, 2021)
    return first, gazette(folder, "second", "A. Byte directed Orbit 1. See the feature film Orbit 1.", SECOND, 2022)
