"""From the text of an article to a draft that a person reviews and loads."""

import re
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.drafting import Draft, draft
from app.drafting.dated import told_in
from app.drafting.names import acronyms_in
from app.drafting.writing import scalar, written
from app.loading import yaml_lines
from app.loading.problems import RefusedError
from app.loading.seed import parse
from tests.conftest import Serving, only_sqlite
from tests.makers import ROOT, SEED, a_claim, a_folder, load
from tests.test_cli import environment, fails_in_a_sentence, run
from tests.test_cli import serving as serving_seeds

ARTICLE = """\
title: A landing
publisher: The Sample Gazette
published: 2031-05-09
language: en
---
Mira Sol of the Blue Lantern Agency (BLA) landed on Wednesday after 12 days aloft.
The BLA had hoped for 3 May. Sol said “Low Tide” will be shown on June 3.

Nobody was hurt.
"""


@pytest.fixture
def base(engine: Engine, tmp_path: Path) -> Engine:
    """A base that holds a film, a person with two names, an agency, and two people of one name."""
    text = "Mira Sol, known as Miri, flew for the Blue Lantern Agency. Low Tide is a film. Ada Lund met Ada Lund."
    claims = [
        a_claim("person/mira-sol", "name", "Mira Sol", quote="Mira Sol"),
        a_claim("person/mira-sol", "alternate_name", "Miri", quote="known as Miri"),
        a_claim("organisation/blue-lantern-agency", "name", "Blue Lantern Agency", quote="the Blue Lantern Agency"),
        a_claim("film/low-tide", "name", "Low Tide", quote="Low Tide is a film"),
        a_claim("person/ada-lund", "name", "Ada Lund", quote="Ada Lund met"),
        a_claim("person/ada-lund-2", "name", "Ada Lund", quote="met Ada Lund"),
    ]
    load(engine, a_folder(tmp_path, "names", text, claims))
    return engine


def drafted(engine: Engine, article: str, slug: str = "") -> Draft:
    with engine.connect() as connection:
        return draft(connection, article, slug)


def content(engine: Engine, article: str) -> dict[str, Any]:
    """The draft as YAML has it."""
    found: dict[str, Any] = yaml.load(written(drafted(engine, article)), yaml.BaseLoader)
    return found


def remarks(engine: Engine, article: str) -> str:
    """What a draft says beside its claims, on one line."""
    told = re.findall(r"^ *# ?(.*)$", written(drafted(engine, article)), re.MULTILINE)
    return " ".join(told)


def test_draft_review_load(base: Engine, serving: Serving, tmp_path: Path) -> None:
    folder = tmp_path / "sample-gazette-a-landing"
    folder.mkdir()
    (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
    database = {"DATABASE_URL": base.url.render_as_string(hide_password=False)}
    done = run(tmp_path, "draft", str(folder), "--no-model", **database)
    assert (done.returncode, done.stderr) == (0, "")
    claims = folder / "claims.yaml"
    with pytest.raises(RefusedError, match="read it beside the article, then write status: reviewed"):
        load(base, folder)
    tried = run(tmp_path, "load", str(folder), "--dry-run", **database)
    assert (tried.returncode, tried.stderr) == (0, "")
    assert "would be loaded once it is reviewed" in tried.stdout
    text = claims.read_text(encoding="utf-8")
    claims.write_text(text.replace("status: draft", "status: reviewed"), encoding="utf-8")
    with pytest.raises(RefusedError, match="reviewed_by: who has read it"):
        load(base, folder)
    claims.write_text(text.replace("status: draft", "status: reviewed\nreviewed_by: Noor"), encoding="utf-8")
    load(base, folder)
    assert serving(base).get("/organisations/blue-lantern-agency").json()["alternate_names"] == ["BLA"]
    fails_in_a_sentence(run(tmp_path, "draft", str(folder), "--again", **database), "is no draft")


def test_what_is_not_installed_is_told(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    code = "import sys; sys.modules['spacy'] = None; sys.argv[1:] = ['draft', sys.argv[1]]; from app.cli import main; main()"
    command = [sys.executable, "-c", code, str(tmp_path / "article.txt")]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert "without the extra `draft`" in done.stderr
    assert (tmp_path / "claims.yaml").exists()


def test_nothing_is_written_over(base: Engine, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    there = tmp_path / "claims.yaml"
    there.write_text("status: draft\n# my remarks\n", encoding="utf-8")
    fails_in_a_sentence(run(tmp_path, "draft", str(tmp_path / "article.txt")), "--again replaces it")
    assert "my remarks" in there.read_text(encoding="utf-8")
    assert run(tmp_path, "draft", str(tmp_path / "article.txt"), "--again", "--no-model").returncode == 0
    assert "my remarks" not in there.read_text(encoding="utf-8")


def test_through_a_pipe(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "draft", "-", "--no-model"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(tmp_path),
        input=ARTICLE.encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    found = yaml.load(done.stdout.decode(), yaml.BaseLoader)
    assert (found["status"], found["drafted_by"]) == ("draft", "names and dates")


@pytest.mark.parametrize(
    ("content", "words"), [(b"caf\xe9", "is not UTF-8"), (None, "cannot be read"), (b"a\0b", "NUL")]
)
def test_what_is_no_article_is_refused_in_a_sentence(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "article.txt"
    if content is not None:
        path.write_bytes(content)
    fails_in_a_sentence(run(tmp_path, "draft", str(path)), words)


def test_a_device_is_no_article(tmp_path: Path) -> None:
    fails_in_a_sentence(run(tmp_path, "draft", "/dev/null"), "is no file")


@only_sqlite
def test_a_draft_among_the_seeds_does_not_stop_the_start(engine: Engine, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "seeds", "a-draft", "A text.", [])
    (folder / "claims.yaml").write_text("status: draft\nentities: []\nclaims: []\n", encoding="utf-8")
    with pytest.raises(RefusedError, match="nobody has reviewed"):
        load(engine, folder)
    with serving_seeds(tmp_path, SEEDS=str(folder.parent)) as (client, process):
        assert client.get("/sources").json()["count"] == 0
        process.send_signal(signal.SIGTERM)
        assert "a-draft: not loaded, for this is a draft" in process.communicate(timeout=30)[0]


def test_a_review_makes_no_new_version() -> None:
    claims = "entities: []\nclaims: []\n"
    reviewed = f"status: reviewed\nreviewed_by: Noor\ndrafted_by: names and dates\n{claims}"
    assert parse("x", "A text.", claims).claims_sha256 == parse("x", "A text.", reviewed).claims_sha256


def test_names_in_full_and_in_short(base: Engine) -> None:
    found = drafted(base, ARTICLE)
    text = found.article.text
    assert [(text[one.start : one.end], one.entity, one.is_short) for one in found.mentions] == [
        ("Mira Sol", "person/mira-sol", False),
        ("Blue Lantern Agency", "organisation/blue-lantern-agency", False),
        ("BLA", "organisation/blue-lantern-agency", True),
        ("BLA", "organisation/blue-lantern-agency", True),
        ("Sol", "person/mira-sol", True),
        ("Low Tide", "film/low-tide", False),
    ]
    said = {(one.claim.subject, one.claim.property, one.claim.value) for one in found.proposals}
    assert said == {
        ("person/mira-sol", "name", "Mira Sol"),
        ("organisation/blue-lantern-agency", "name", "Blue Lantern Agency"),
        ("organisation/blue-lantern-agency", "alternate_name", "BLA"),
        ("film/low-tide", "name", "Low Tide"),
    }


def test_what_is_written_otherwise_is_another_name(base: Engine) -> None:
    found = content(base, "Later Miri went home with MIRA SOL.")
    assert [(one["property"], one["value"]) for one in found["claims"]] == [
        ("alternate_name", "Miri"),
        ("name", "Mira Sol"),
    ]


@pytest.mark.parametrize("text", ["Ask miri sol.", "Low tide is at six.", "The low tide came.", "Solar power."])
def test_words_that_only_look_like_names(base: Engine, text: str) -> None:
    assert drafted(base, text).mentions == []


def test_whom_two_are_called_is_for_a_person_to_say(base: Engine) -> None:
    assert "Ada Lund may be person/ada-lund or person/ada-lund-2: which of them is meant?" in remarks(
        base, "Here Ada Lund came."
    )


def test_sentences_with_nothing_are_listed(base: Engine) -> None:
    told = remarks(base, ARTICLE)
    assert "--- 4. Nobody was hurt. Nothing was found in this sentence." in told
    assert "4 proposals in 4 sentences; in 1 of them nothing was found." in told


def test_dates_are_told_with_their_phrases(base: Engine) -> None:
    told = remarks(base, ARTICLE)
    assert "Date: “on Wednesday” is 2031-05-07, inference: weekday, phrase: on Wednesday." in told
    assert "Quantity: “12 days” is 12 day." in told
    assert "Date: “3 May” is 2031-05-03, inference: year, phrase: 3 May." in told
    assert "Date: “on June 3” is 2031-06-03, inference: year, phrase: on June 3." in told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It left after 2024.", [("after 2024", "2025/..")]),
        ("In late 2021 it ended.", [("In late 2021", "2021-39")]),
        ("It was shot in the summer of 2019.", [("in the summer of 2019", "2019-22")]),
        ("Sales fell in Q3 2022.", [("in Q3 2022", "2022-35")]),
        ("It was shown last week.", [("last week", "2031-04-28/2031-05-04")]),
        ("She flew three days ago.", [("three days ago", "2031-05-06")]),
        ("They met last month.", [("last month", "2031-04")]),
        ("In the 1990s it was built.", [("In the 1990s", "199X")]),
        ("It ran from 2010 to 2015.", [("from 2010 to 2015", "2010/2015")]),
        ("It ran from 10 to 15 May 2010.", [("from 10 to 15 May 2010", "2010-05-10/2010-05-15")]),
        ("It will run from June 3 to 5.", [("from June 3 to 5", "2031-06-03/2031-06-05")]),
        ("On Sunday, May 28, 2006, it rose.", [("May 28, 2006", "2006-05-28")]),
        ("On Tuesday it will fly.", [("On Tuesday", "2031-05-13")]),
        ("On Tuesday it flew.", [("On Tuesday", "2031-05-06")]),
        ("It will fly on 1 January.", [("on 1 January", "2032-01-01")]),
        ("Samples of the Sun may be sold to Sun TV.", []),
        ("It cost 2000 dollars and 1,998 euros.", []),
        ("It was on 31 June 2020.", [("on 31 June 2020", None)]),
        ("It opened on 2031-02-03.", [("on 2031-02-03", "2031-02-03")]),
    ],
)
def test_dates(text: str, expected: list[tuple[str, str | None]]) -> None:
    found = told_in(text, 0, len(text), date(2031, 5, 9))
    assert [(one.phrase, one.value) for one in found] == expected


def test_hours_and_minutes_are_one_quantity() -> None:
    text = "It runs for 1 hour and 52 minutes, twenty-two days and 3 weeks."
    found = told_in(text, 0, len(text), date(2031, 5, 9))
    assert [(one.phrase, one.value) for one in found] == [
        ("1 hour and 52 minutes", "112 minute"),
        ("3 weeks", "3 week"),
    ]


@pytest.mark.parametrize(
    ("text", "is_bound"),
    [
        ("It ran from 10 to 15 May 2010.", False),
        ("It ran from May 10 to 15.", False),
        ("It runs from 10 May 2010.", True),
        ("It runs from May 10.", True),
    ],
)
def test_only_what_has_one_end_is_a_bound(text: str, *, is_bound: bool) -> None:
    found = told_in(text, 0, len(text), date(2031, 5, 9))
    assert [one.is_bound for one in found] == [is_bound]


def test_without_a_date_of_its_own_nothing_is_computed(base: Engine) -> None:
    told = remarks(base, "Mira Sol landed on Wednesday.")
    assert "“on Wednesday” cannot be told from here" in told
    assert "The day of the article is not known" in told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the International Space Station (ISS)", [("International Space Station", "ISS")]),
        ("the Interview of the Month (IOTM)", [("Interview of the Month", "IOTM")]),
        ("Nick Hague (USA)", []),
        ("He left. Space Station (ISS)", []),
    ],
)
def test_acronyms(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[slice(*long)], text[slice(*short)]) for long, short in acronyms_in(text)] == expected


def test_the_seed_drafted_anew_finds_its_names(engine: Engine) -> None:
    load(engine, SEED)
    article = (SEED / "article.txt").read_text(encoding="utf-8")
    assert drafted(engine, article, SEED.name).mentions == [], "what it says itself is not held against it"
    assert len({one.entity for one in drafted(engine, article, "another").mentions}) >= 19


def test_another_language_is_told(base: Engine) -> None:
    german = "Die Kosmonautin Mira Sol ist am Mittwoch mit dem Regisseur zur Station geflogen und dort gelandet."
    assert "does not seem to be English" in remarks(base, german)
    assert [one.entity for one in drafted(base, german).mentions] == ["person/mira-sol"]


@pytest.mark.parametrize(
    "text",
    ["Мира Сол в космосе.", "language: ru\n---\nMira Sol.", "Космонавт Мира Сол прилетела в среду на станцию."],
    ids=["few words", "as the header says", "more words"],
)
def test_another_script_is_told(base: Engine, text: str) -> None:
    assert "The rules for dates and relations know English only." in remarks(base, text)


def test_a_header_that_is_wrong_is_told_before_anything_is_computed_from_it(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("published: 2026-13-45\n---\nMira Sol landed on Wednesday.", encoding="utf-8")
    fails_in_a_sentence(run(tmp_path, "draft", str(path)), "published is '2026-13-45'; expected an EDTF date")
    assert not (tmp_path / "claims.yaml").exists()


def test_a_draft_of_nothing_takes_what_a_person_adds(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    (folder / "article.txt").write_text("nothing of note", encoding="utf-8")
    assert "0 proposals" in run(tmp_path, "draft", str(folder), "--no-model").stdout
    file = folder / "claims.yaml"
    text = file.read_text("utf-8").replace("draft\n", "reviewed\nreviewed_by: Noor\n", 1)
    file.write_text(text, encoding="utf-8")
    assert run(tmp_path, "load", str(folder)).returncode == 0
    claim = "  - {subject: event/e, property: label, value: of note, quote: of note, modality: asserted}\n"
    entities = text.replace("entities:\n", "entities:\n  - event/e\n")
    file.write_text(entities + claim, encoding="utf-8")
    done = run(tmp_path, "load", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "claims     1 new" in done.stdout


def test_no_quote_cuts_through_an_emphasis(base: Engine) -> None:
    found = content(base, "Mira Sol saw _Low Tide_ and more. Mira Sol sat. The film is _Low Tide_ again.")
    quotes = [
        one
        for claim in found["claims"]
        for one in (claim["quote"] if isinstance(claim["quote"], list) else [claim["quote"]])
    ]
    assert any("_Low Tide_" in str(one) for one in quotes)
    assert all(str(one).count("_") % 2 == 0 for one in quotes)


@only_sqlite
@settings(max_examples=40)
@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("Mira Sol (BLA) 3 May 2024.\n“”_"))))
def test_any_text_becomes_a_draft(base: Engine, text: str) -> None:
    made = drafted(base, text.replace("\0", ""))
    found = parse("x", made.article.text, written(made))
    assert found.unreviewed
    assert found.problems == ()
    assert len(found.claims) == len(made.proposals)
    assert all(one.reasons for one in made.rejected)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_value_is_read_as_it_was(text: str) -> None:
    data, _ = yaml_lines.read(f"value: {scalar(text)}")
    assert data == {"value": text}


@only_sqlite
def test_a_megabyte_takes_a_while_and_no_more(base: Engine) -> None:
    text = "Mira Sol flew in October 2021 with the Blue Lantern Agency (BLA) for 12 days.\n" * 1500
    found = drafted(base, text)
    assert len(found.mentions) == 4500
