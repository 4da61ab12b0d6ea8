"""The documentation lists everything that there is, and nothing that there is not."""

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
import yaml
from sqlalchemy import Engine
from sqlmodel import SQLModel
from typer.core import TyperGroup
from typer.main import get_group

from app.cli.commands import app as command_line
from app.db import make_engine
from app.http.problems import Code
from app.loading.header import SeedSource
from app.loading.seed import ClaimsFile, Quote, SeedClaim, SeedEntity
from app.passages import sentences
from app.queries.records.fields import FieldType, fields_of
from app.queries.records.filters import OPERATORS
from app.settings import Settings
from app.vocabulary import INFERENCES, KINDS, MODALITIES, PLURALS, PROPERTIES, QUALIFIERS, RANKS
from tests.conftest import Serving, running
from tests.document import DOCUMENT
from tests.makers import ROOT, SEED, load
from tests.markdown import (
    PAGES,
    Call,
    anchors,
    blocks,
    calls,
    code,
    column,
    failures,
    fragments,
    links,
    messages_in,
    name_of,
    prose,
    section,
    table,
)
from tests.test_tokens import made

WRITING = ROOT / "docs" / "writing.md"
CALLS = [call for page in PAGES if page not in (ROOT / "README.md", WRITING) for call in calls(page)]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=name_of)


def read(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def parameters_of(path: str) -> list[str]:
    found = DOCUMENT["paths"][path]["get"].get("parameters", [])
    return [one["name"] for one in found if one["in"] == "query"]


@EVERY_PAGE
def test_links_lead_somewhere(page: Path) -> None:
    for target in links(page.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        path, _, fragment = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        if fragment:
            assert fragment in anchors(there.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("page", [ROOT / "README.md", *(page for page in PAGES if page.parent != ROOT)], ids=name_of)
def test_paths_that_are_named_exist(page: Path) -> None:
    roots = ("app/", "docs/", "migrations/", "seeds/", "tests/")
    named = [one for one in code(prose(page.read_text(encoding="utf-8"))) if one.startswith(roots)]
    named = [one for one in named if one != "app/explorer"]  # which npm makes
    assert [one for one in named if "…" not in one and not (ROOT / one).exists()] == []


@EVERY_PAGE
def test_urls_that_are_named_answer(library: httpx.Client, page: Path) -> None:
    named = [one for one in code(prose(page.read_text(encoding="utf-8"))) if re.fullmatch(r"/[\w/?=&.,-]*", one)]
    # At a path that something is sent to, what is got is a record of that name, if there is one.
    sent_to = {path for path, methods in DOCUMENT["paths"].items() if "get" not in methods}
    answers = {one: library.get(one).status_code for one in named if one not in sent_to}
    assert {one: status for one, status in answers.items() if status == 404 or (status > 400 and "?" in one)} == {}


@EVERY_PAGE
def test_settings_that_are_named_exist(page: Path) -> None:
    named = set(re.findall(r"FILMSPACE_\w+", page.read_text(encoding="utf-8")))
    assert named <= {f"FILMSPACE_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_answer_is_what_the_page_shows(library: httpx.Client, call: Call) -> None:
    assert failures(library, call) == []


def test_what_is_written_is_answered_as_the_page_shows(library_file: Path, tmp_path: Path) -> None:
    """Its calls, one after the other, with a token and the ETag of what they change."""
    engine = make_engine(f"sqlite:///{shutil.copy(library_file, tmp_path / 'filmspace.db')}")
    token = made(engine, "ada", "admin")
    engine.dispose()
    with running(str(engine.url)) as client:
        for call in calls(WRITING):
            seen = client.head(call.path, headers={"Accept-Encoding": "identity"}).headers.get("etag", "")
            sent = {name: value.replace("$TOKEN", token).replace("$ETAG", seen) for name, value in call.headers.items()}
            assert failures(client, replace(call, headers=sent)) == [], call


def test_calls_are_found() -> None:
    assert {"docs/api.md", "docs/reference.md"} <= {call.page for call in CALLS}


# docs/settings.md


def test_every_setting_is_documented_with_its_default() -> None:
    rows = table(section(read("settings.md"), "Settings"))
    fields = Settings.model_fields
    assert column(rows) == [f"FILMSPACE_{name.upper()}" for name in fields]
    for row, field in zip(rows, fields.values(), strict=True):
        if isinstance(field.default, str | int):
            assert code(row[1]) == [str(field.default)]


def commands_of(group: TyperGroup) -> Iterator[tuple[str, Any]]:
    """Every command by its name, those of a group with its name before them."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from ((f"{name} {below}", one) for below, one in commands_of(command))
        else:
            yield name, command


def test_every_command_and_option_is_documented() -> None:
    told = section(read("settings.md"), "Commands")
    commands, options = re.split(r"\n\n(?=\| Command \| Option)", told)
    every = dict(commands_of(get_group(command_line)))
    named = [re.split(r" [^a-z]", one.removeprefix("filmspace "))[0] for one in column(table(commands))]
    assert named == list(every)
    documented = {(code(row[0])[0], code(row[1])[0]) for row in table(options)}
    assert documented == {
        (name, option)
        for name, command in every.items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }


# docs/operating.md


def test_every_metric_is_documented(library: httpx.Client) -> None:
    """Those of Prometheus' own about the process are not ours."""
    documented = {name for row in table(section(read("operating.md"), "Metrics")) for name in code(row[0])}
    told = set(re.findall(r"^# HELP (filmspace_\w+)", library.get("/metrics").text, re.MULTILINE))
    assert told == documented


# docs/reliability.md


def test_every_promise_has_a_test_and_a_figure() -> None:
    rows = table(read("reliability.md"))
    for promise, test, figure in rows:
        assert promise
        assert re.search(r"\d", figure), promise
        named = re.findall(r"\[`(\w+)`\]\(\.\./(tests/[\w/]+\.py)\)", test)
        assert named, f"no test shows it: {promise}"
        for name, file in named:
            assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), name


# docs/reference.md


def test_every_path_is_documented() -> None:
    documented = column(table(section(read("reference.md"), "Resources")))
    assert len(documented) == len(set(documented))
    assert set(documented) == {*DOCUMENT["paths"], "/metrics", "/docs", "/redoc", "/openapi.json"}


def test_every_operator_is_documented() -> None:
    """A row for each, with the types of fields that it can be used with."""
    every: set[FieldType] = set(get_args(FieldType))
    of: dict[str, set[FieldType]] = {
        "all": every,
        "dates, numbers, times": {"date", "number", "time"},
        "the slug, texts, several texts, prose": {"slug", "text", "prose", "texts"},
        "all but the slug, times and `source`": every - {"slug", "time", "source"},
    }
    rows = table(section(read("reference.md"), "Operators"))
    documented = {"".join(code(row[0])): of[row[2]] for row in rows}
    assert documented == {operator.suffix: set(operator.types) for operator in OPERATORS}


def test_every_field_is_documented() -> None:
    told = section(read("reference.md"), "Fields")
    common = set(code(told.partition("\n|")[0]))
    columns: list[set[FieldType]] = [{"text"}, {"prose"}, {"texts"}, {"date"}, {"number"}, {"relation"}, {"inverse"}]
    rows = {row[0]: [set(code(cell)) for cell in row[1:]] for row in table(told)}
    assert list(rows) == [PLURALS[kind] for kind in KINDS]
    for kind in KINDS:
        fields = fields_of(kind).values()
        expected = [{one.name for one in fields if one.type in types and one.name not in common} for types in columns]
        assert rows[PLURALS[kind]] == expected, f"docs/reference.md, Fields, {PLURALS[kind]}"
        assert common <= {one.name for one in fields}


def test_every_list_parameter_is_documented() -> None:
    lists = section(read("reference.md"), "Lists").partition("### ")[0]
    filters = {one.name + operator.suffix for one in fields_of("film").values() for operator in OPERATORS}
    assert set(column(table(lists))) == set(parameters_of("/films")) - filters
    page = {"limit", "offset"}
    assert {*column(table(section(read("reference.md"), "Facts"))), *page} == set(parameters_of("/facts"))
    for path, heading in (
        ("/search", "Search"),
        ("/suggest", "Search"),
        ("/sources", "Sources"),
        ("/timeline", "Timeline"),
        ("/events.ics", "Calendar"),
        ("/changes", "Changes"),
        ("/changes/{revision}/facts", "Changes"),
        ("/properties", "Properties"),
    ):
        assert set(parameters_of(path)) <= set(code(prose(section(read("reference.md"), heading))))


def test_every_problem_is_documented() -> None:
    assert column(table(section(read("reference.md"), "Errors"))) == list(get_args(Code))


# docs/data-model.md


def test_every_property_is_documented() -> None:
    def listed(words: Iterable[str]) -> str:
        found = tuple(words)
        return "every kind" if found == KINDS else ", ".join(found) or "–"

    assert table(section(read("data-model.md"), "Properties")) == [
        [
            f"`{one.name}`", listed(one.domain), one.value_type or listed(one.object_kinds), listed(one.many),
            listed(one.qualifiers), one.schema_org or "–", one.wikidata or "–",
        ]
        for one in PROPERTIES.values()
    ]  # fmt: skip


def test_every_table_is_documented() -> None:
    told = section(read("data-model.md"), "Tables")
    first, second = told.split("\n\nThe records are made")
    documented = [*column(table(first)), *column(table(second))]
    assert sorted(documented) == sorted([*SQLModel.metadata.tables, "search"])


# docs/annotating.md


def test_every_key_of_the_seed_format_is_documented() -> None:
    told = section(read("annotating.md"), "Every key")
    file, entity, claim, quote, qualifiers = (
        table(part) for part in re.split(r"\nOf (?:an entity.*|a claim|a quote .*|the qualifiers.*):\n", told)
    )
    assert column(entity) == list(SeedEntity.model_fields)
    assert column(file) == list(ClaimsFile.model_fields)
    assert set(SeedSource.model_fields) <= set(code(file[0][1]))
    assert set(column(claim)) == set(SeedClaim.model_fields)
    assert column(quote) == list(Quote.model_fields)
    assert {(code(row[0])[0], tuple(code(row[1]))) for row in qualifiers} == {
        (name, tuple(one.name for one in PROPERTIES.values() if name in one.qualifiers)) for name in QUALIFIERS
    }
    values = {code(row[0])[0]: set(code(row[1])) for row in claim}
    assert set(MODALITIES) == values["modality"]
    assert set(INFERENCES) == values["inference"]
    assert set(RANKS) == values["rank"]


_JUDGING = (
    "yaml_lines",
    "header",
    "seed",
    "malformed",
    "notes",
    "matching",
    "fitting",
    "gate",
    "grounding",
    "amounts",
    "edges",
    "examining",
)
LOADING = [f"loading/{name}.py" for name in _JUDGING]


def test_every_message_of_the_gate_is_documented() -> None:
    documented = " \n ".join(column(table(section(read("annotating.md"), "What the gate says"))))
    said = [one for one in messages_in(LOADING) if len(one.split()) > 2 and not re.search(r"\(\?P<|did you mean", one)]
    assert len(said) > 40
    assert [one for one in said for part in fragments(one) if part not in documented] == []


def test_every_message_that_is_documented_is_said() -> None:
    said = " \n ".join(messages_in([*LOADING, "values.py", "passages.py", "edtf.py"]))
    documented = column(table(section(read("annotating.md"), "What the gate says")))
    assert [one for one in documented if not all(part in said for part in fragments(one))] == []


def test_every_sentence_of_the_article_is_explained() -> None:
    article = (SEED / "article.txt").read_text(encoding="utf-8")
    quoted = re.findall(r"^> (.+)$", read("annotating.md"), re.MULTILINE)
    header, *spans = sentences(article)
    assert article[slice(*header)].startswith("date ")
    assert quoted == [article[start:end] for start, end in spans]


def test_claims_that_are_shown_are_those_of_the_seed() -> None:
    told = section(read("annotating.md"), "Sentence by sentence")
    seed = yaml.load((SEED / "claims.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    shown = [
        claim for block in blocks(told) if block.language == "yaml" for claim in yaml.load(block.text, yaml.BaseLoader)
    ]
    assert len(shown) > 10
    assert [claim for claim in shown if claim not in seed["claims"]] == []


def test_whole_example_is_loaded(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    article, claims = blocks(section(read("annotating.md"), "A whole example"))
    folder = tmp_path / "sample-gazette-low-tide"
    folder.mkdir()
    (folder / "article.txt").write_text(article.text, encoding="utf-8")
    (folder / "claims.yaml").write_text(claims.text, encoding="utf-8")
    report = load(engine, folder)
    assert (report.claims_new, report.silent) == (12, ())
    api = serving(engine)
    film = api.get("/films/low-tide").json()
    assert (film["name"], film["film_type"], film["release_date"]) == ("Low Tide", "documentary", "2031-06-03")
    assert (film["planned"], film["distinctions"], film["production_companies"]) == (["release_date"], [], [])
    assert [one["slug"] for one in film["directors"]] == ["mira-sol"]
    event = api.get("/events/low-tide-announcement").json()
    assert (event["date"], event["status"]) == ("2031-05-07", "happened")
    assert event["participants"][0]["role"] == "announced it"
    (denied,) = api.get("/facts", params={"modality": "negated"}).json()["results"]
    assert (denied["value"], denied["attributed_to"]) == ("filmed in space", "Sol")
    source = api.get("/sources/sample-gazette-low-tide").json()
    assert (source["publisher"], source["published"], source["language"]) == ("The Sample Gazette", "2031-05-09", "en")


# docs/decisions/


def test_decisions_are_numbered_and_listed() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    listed = [target for target in links(read("decisions/README.md")) if re.match("[0-9]", target)]
    assert listed == [path.name for path in DECISIONS]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_decision_has_its_five_parts_on_one_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(rf"# {path.name[:4]}\. \S", text)
    assert re.findall("^## (.+)$", text, re.MULTILINE) == [
        "Context", "Decision", "Consequences", "Alternatives", "References",
    ]  # fmt: skip
    assert len(text.splitlines()) <= 60
