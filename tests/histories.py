"""Random histories of a small base: what is loaded, corrected, withdrawn, merged, renamed, and taken back again."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Engine, text

from app.db import for_writing
from app.documents.records import DOCUMENTS
from app.loading.load import withdraw_source
from app.loading.merging import merge_entities, rename_entity
from app.loading.problems import RefusedError
from app.loading.undo import undo_revision
from tests.makers import a_claim, a_folder, load

NAMES = {
    "film/alpha": "Alpha Rising",
    "film/beta": "Beta Station",
    "person/bell": "Bea Bell",
    "person/cole": "Carl Cole",
    "organisation/delta": "Delta Agency",
    "place/moon": "Moonbase",
    "place/orbit": "Orbital Yard",
    "event/launch": "Great Launch",
    "character/echo": "Captain Echo",
}
OBJECTS = {
    "director": ("film", "person"),
    "cast": ("film", "person"),
    "partner": ("film", "organisation"),
    "filming_location": ("film", "place"),
    "participant": ("event", "person"),
    "location": ("event", "place"),
    "about": ("event", "film"),
    "affiliation": ("person", "organisation"),
    "present_in_work": ("character", "film"),
}
VALUES = {
    "release_date": ("film", ("2021", "2021-10", "2021-10-05", "2022")),
    "film_type": ("film", ("short film", "feature film")),
    "genre": ("film", ("drama", "documentary")),
    "date": ("event", ("2020", "2020-03", "2021-01-01")),
    "alternate_name": ("person", ("Old Hand", "The Pilot")),
    "occupation": ("person", ("pilot", "actor")),
}
MODALITIES = ("asserted", "planned", "hoped", "negated")
STATUSES = ("announced", "filming")


def _of(kind: str) -> list[str]:
    return [entity for entity in NAMES if entity.startswith(f"{kind}/")]


@st.composite
def a_said_thing(draw: st.DrawFn) -> dict[str, Any]:
    """One claim without its quote."""
    modality = draw(st.sampled_from(MODALITIES))
    if draw(st.integers(0, 7)) == 0:
        return {
            "subject": draw(st.sampled_from(_of("film"))),
            "property": "production_status",
            "value": draw(st.sampled_from(STATUSES)),
            "qualifiers": {"point_in_time": draw(st.sampled_from(("2020", "2021-06")))},
            "modality": modality,
        }
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(VALUES)))
        kind, values = VALUES[name]
        return {
            "subject": draw(st.sampled_from(_of(kind))),
            "property": name,
            "value": draw(st.sampled_from(values)),
            "modality": modality,
        }
    name = draw(st.sampled_from(sorted(OBJECTS)))
    kind, target = OBJECTS[name]
    subject, other = draw(st.sampled_from(_of(kind))), draw(st.sampled_from(_of(target)))
    said: dict[str, Any] = {"subject": subject, "property": name, "object": other, "modality": modality}
    if name == "cast" and draw(st.booleans()):
        said["qualifiers"] = {"character": "character/echo"}
    return said


A_SOURCE = st.fixed_dictionaries(
    {
        "said": st.lists(a_said_thing(), min_size=1, max_size=4),
        "unnamed": st.sets(st.sampled_from(sorted(NAMES)), max_size=2),
        "spelling": st.sampled_from(("", " Two")),
        "published": st.sampled_from(("2020-01-01", "2021-06-01", "2022-01-01")),
        "publisher": st.sampled_from(("One", "Two")),
    }
)
# Whom a source gives an identifier: under the usual slug, or under another one, so that they are merged by it.
IDENTIFIED = st.dictionaries(st.sampled_from(sorted(NAMES)), st.sampled_from(("usual", "other")), max_size=2)
A_LOAD = st.tuples(
    st.just("load"),
    st.sampled_from(("a", "b", "c")),
    st.tuples(A_SOURCE, IDENTIFIED).map(lambda drawn: {**drawn[0], "identified": drawn[1]}),
)
A_JUDGEMENT = st.one_of(
    st.tuples(st.just("withdraw"), st.sampled_from(("a", "b", "c")), st.none()),
    st.sampled_from(("film", "person", "place")).flatmap(
        lambda kind: st.tuples(st.just("merge"), *[st.sampled_from(_of(kind))] * 2)
    ),
    st.tuples(st.just("rename"), st.sampled_from(sorted(NAMES)), st.sampled_from(("new", "newer", "alpha", "moon"))),
)
AN_UNDOING = st.tuples(st.just("undo"), st.integers(2, 8).map(str), st.none())
STEPS = st.tuples(A_LOAD, st.lists(st.one_of(A_LOAD, A_JUDGEMENT, AN_UNDOING), min_size=2, max_size=9)).map(
    lambda steps: [steps[0], *steps[1]]
)


def _when(said: dict[str, Any]) -> str:
    when = said.get("qualifiers", {}).get("point_in_time")
    return f" of {when}" if when else ""


def write(folder: Path, slug: str, source: dict[str, Any]) -> Path:
    """The source as a folder: an article that says every claim in a line of its own."""
    claims = []
    used = {one for said in source["said"] for one in (said["subject"], said.get("object")) if one}
    used |= {"character/echo"} if any("character" in said.get("qualifiers", {}) for said in source["said"]) else set()
    lines: dict[str, str] = {}
    for entity in sorted(used):
        # An entity without a name here is called by a label, so that its name comes and goes with other sources.
        name = "label" if entity in source["unnamed"] else "name"
        called = NAMES[entity] + source["spelling"]
        lines[entity] = f"Line {len(lines)}: there is {called}."
        claims.append(a_claim(entity, name, called, quote=lines[entity]))
    for said in source["said"]:
        key = f"line {len(lines)}"
        lines[key] = f"Line {len(lines)}: {said.get('value', 'it')} is said{_when(said)}."
        about = [said["subject"], said.get("object"), said.get("qualifiers", {}).get("character")]
        claims.append({**said, "quote": [lines[key], *(lines[one] for one in about if one)]})
    told = {"published": source["published"], "publisher": source["publisher"]}
    entities: list[Any] = sorted(used)
    for entity, called in source.get("identified", {}).items():
        written = f"{entity}-2" if called == "other" else entity
        claims = json.loads(json.dumps(claims).replace(f'"{entity}"', f'"{written}"'))
        noted = {"id": written, "identifiers": [f"x:{entity.replace('/', '-')}"]}
        entities = [noted if one == entity else one for one in entities]
    return a_folder(folder, slug, "\n".join(lines.values()), claims, entities=entities, source=told)


def run(engine: Engine, folder: Path, steps: Sequence[tuple[str, str, Any]]) -> int:
    """Take the steps that are possible, and tell how many were; a source that contradicts itself is refused."""
    taken = 0
    for action, slug, source in steps:
        try:
            if action == "load":
                taken += not load(engine, write(folder, slug, source)).is_unchanged
                continue
            with for_writing(engine).begin() as connection:
                if action == "withdraw":
                    withdraw_source(connection, slug, "wrong", actor="tests")
                elif action == "undo":
                    undo_revision(connection, int(slug), "wrong", actor="tests")
                elif action == "merge":
                    merge_entities(connection, slug, source, "the same", actor="tests")
                else:
                    rename_entity(connection, slug, source, "better", actor="tests")
                taken += 1
        except RefusedError:
            continue
    return taken


def documents(engine: Engine) -> dict[str, dict[str, Any]]:
    found = {}
    with engine.connect() as connection:
        for kind in DOCUMENTS:
            for document in connection.execute(text(f'SELECT document FROM "{kind}"')).scalars():
                record = json.loads(document)
                found[f"{kind}/{record['slug']}"] = {k: v for k, v in record.items() if k != "updated_at"}
    return found
