"""Each rule of the lexicon does what its own example says, in the model that the extra brings."""

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.db import for_writing
from app.drafting import Article, draft, model
from app.drafting.dated import told_in
from app.drafting.language import is_english
from app.drafting.names import Mention, known
from app.drafting.reading import Reader
from app.drafting.relations import Relations
from app.drafting.rules import Rule, rules
from app.drafting.writing import written
from app.loading.header import SeedSource
from app.loading.load import load_seed
from app.loading.seed import parse
from app.passages import fold, sentences
from app.vocabulary import PROPERTIES
from tests.conftest import only_sqlite

if TYPE_CHECKING:
    from spacy.language import Language

RULES = rules()
# What rules look for, in any order.
WORDS = (
    "“Low Tide”", "the film", "It", "she", "directed by", "starring", "was released on", "3 May", "in 2031", "Mira Sol", "and",
    "Ada Lund", ",", "who", "the Blue Lantern Agency", "(BLA)", "astronaut", "will", "said that", "Skagen Station", "12 days",
    "is a", "feature film", "announced", "on Tuesday", "travelled to", "as", "Vera", "played by", "not", "born", "(", ")",
)  # fmt: skip


@pytest.fixture(scope="module")
def language() -> "Language":
    return model.load()


@pytest.fixture(scope="module")
def relations(language: "Language") -> Relations:
    return Relations(language)


def an_article(text: str, names: dict[str, tuple[str, ...]]) -> Article:
    """A text in which these names are known."""
    slugs = {f"{kind}/{fold(name).replace(' ', '-')}": name for kind, called in names.items() for name in called}
    held = known({entity: [name] for entity, name in slugs.items()}, slugs)
    named = [
        Mention(match.start(), match.end(), entity)
        for entity, name in slugs.items()
        for match in re.finditer(re.escape(name), text)
    ]
    named.sort(key=lambda one: one.start)
    article = Article(text, SeedSource(published="2031-05-09"), held, sentences(text), named, {}, is_english(text))
    article.told = [told_in(text, *span, date(2031, 5, 9)) for span in article.spans]
    return article


def said(language: "Language", relations: Relations, rule: Rule) -> list[tuple[str, str, str, str]]:
    example = rule.example
    article = an_article(example.text, {kind: names for kind, names in example.names.items()})
    found = relations.find(article, model.read(language, article.text, article.spans))
    called = {**article.held.labels, **article.new}
    return [
        (
            called[one.claim.subject],
            one.claim.property,
            one.claim.value or called[one.claim.object or ""],
            one.claim.modality,
        )
        for one in found
        if one.by == rule.rule
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule)
def test_rule_does_what_its_example_says(language: "Language", relations: Relations, rule: Rule) -> None:
    assert sorted(set(said(language, relations, rule))) == sorted(rule.example.says)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule)
def test_rule_fits_the_vocabulary(rule: Rule) -> None:
    prop = PROPERTIES[rule.property]
    if rule.event is None:
        assert set(rule.subject) <= set(prop.domain)
        assert set(rule.object) <= set(prop.object_kinds)
        assert bool(rule.value) == bool(prop.value_type)


def test_rules_have_names_of_their_own() -> None:
    assert len({rule.rule for rule in RULES}) == len(RULES)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_a_draft_with_the_model(engine: Engine, reader: Reader) -> None:
    article = (
        "published: 2031-05-09\nlanguage: en\n---\n"
        "“Low Tide” is a 2030 science fiction film directed by Mira Sol and starring Ada Lund.\n"
        "The film will be released on June 3. Sol said she hopes that Lund will fly again.\n"
        "Danish cosmonaut Erik Holm of the Blue Lantern Agency (BLA) travelled to Skagen Station in October 2030.\n"
    )
    with engine.connect() as connection:
        made = draft(connection, article, "", [reader])
    assert made.rejected == []
    said = {(c.subject, c.property, c.value or c.object, c.modality) for c in (one.claim for one in made.proposals)}
    assert said >= {
        ("film/low-tide", "name", "Low Tide", "asserted"),
        ("film/low-tide", "point_in_time", "2030", "asserted"),
        ("film/low-tide", "genre", "science fiction", "asserted"),
        ("film/low-tide", "director", "person/mira-sol", "asserted"),
        ("film/low-tide", "cast", "person/ada-lund", "asserted"),
        ("film/low-tide", "release_date", "2031-06-03", "planned"),
        ("person/erik-holm", "nationality", "Danish", "asserted"),
        ("person/erik-holm", "occupation", "cosmonaut", "asserted"),
        ("person/erik-holm", "affiliation", "organisation/blue-lantern-agency", "asserted"),
        ("organisation/blue-lantern-agency", "alternate_name", "BLA", "asserted"),
    }
    seed = parse("x", made.article.text, written(made).replace("status: draft", "status: reviewed\nreviewed_by: Noor"))
    with for_writing(engine).begin() as connection:
        load_seed(connection, replace(seed, source=made.article.source), actor="tests")


@only_sqlite
@pytest.mark.parametrize(
    ("words", "modality"),
    [
        ("is due to be directed", "planned"),
        ("is to be directed", "planned"),
        ("is likely to be directed", "planned"),
        ("is set to be directed", "planned"),
        ("would be directed", "planned"),
        ("may be directed", "planned"),
        ("is not due to be directed", "negated"),
        ("was the first to be directed", "asserted"),
        ("was directed", "asserted"),
        ("was to be directed", "planned"),
        ("may have been directed", "asserted"),
        ("might later be directed", "planned"),
        ("should have been directed", "planned"),
        ("would later be directed", "asserted"),
    ],
)
def test_what_is_due_is_a_plan(engine: Engine, reader: Reader, words: str, modality: str) -> None:
    with engine.connect() as connection:
        made = draft(connection, f"language: en\n---\nThe film “Low Tide” {words} by Mira Sol.", "", [reader])
    assert [one.claim.modality for one in made.proposals if one.claim.property == "director"] == [modality]


@only_sqlite
@pytest.mark.parametrize(
    "hope", ["Mira Sol hopes that", "Mira Sol hopes", "They hope that", "She is hoping that", "She wishes"]
)
def test_what_is_hoped_is_no_plan(engine: Engine, reader: Reader, hope: str) -> None:
    article = f"language: en\npublished: 2031-05-09\n---\nThe film “Low Tide” is by Mira Sol. {hope} “Low Tide” will be released on June 3."
    with engine.connect() as connection:
        made = draft(connection, article, "", [reader])
    assert [one.claim.modality for one in made.proposals if one.claim.property == "release_date"] == ["hoped"]


@only_sqlite
def test_a_press_release_as_it_is_written_in_britain(engine: Engine, reader: Reader) -> None:
    """Titles in single quotation marks, blanks that do not break, initials, an acronym in an acronym, a denial."""
    article = (
        "title: Blue Lantern to film ‘Low Tide’ on Skagen\npublished: 2031-02-09\n---\n"
        "RELEASE — 29\u00a0April 2031\n\n"
        "Blue Lantern Pictures — the Danish production company behind ‘High Water’ — says that its new feature, "
        "‘Low Tide’, is ready. The film is directed by Mira Sol. It was paid for by the UK Space Agency (UKSA).\n\n"
        "The company denied that Tim Lund, the Danish astronaut, will appear in the film, wrote I. Petrov from the U.S."
    )
    with engine.connect() as connection:
        made = draft(connection, article, "", [reader])
    assert made.rejected == []
    found = {(c.subject, c.property, c.value or c.object, c.modality): c for c in (one.claim for one in made.proposals)}
    assert found.keys() >= {
        ("film/low-tide", "name", "Low Tide", "asserted"),
        ("film/high-water", "name", "High Water", "asserted"),
        ("film/low-tide", "director", "person/mira-sol", "asserted"),
        ("organisation/uk-space-agency", "alternate_name", "UKSA", "asserted"),
        (
            "organisation/blue-lantern-pictures",
            "description",
            "Danish production company behind ‘High Water’",
            "asserted",
        ),
        ("person/tim-lund", "occupation", "astronaut", "asserted"),
        ("person/i-petrov", "name", "I. Petrov", "asserted"),
        ("place/u-s", "name", "U.S.", "asserted"),
    }
    denied = found["film/low-tide", "cast", "person/tim-lund", "negated"]
    assert denied.quote[0].exact == "denied that Tim Lund, the Danish astronaut, will appear in the film"
    assert [one.value for told in made.article.told for one in told] == ["2031-04-29"]


@only_sqlite
def test_whoever_left_a_text_alone_did_not_draft_it(engine: Engine, reader: Reader) -> None:
    with engine.connect() as connection:
        russian = draft(connection, "Актриса Юлия Пересильд и режиссёр прибыли на станцию.", "", [reader])
        brief = draft(
            connection,
            "TODAY: Mira Sol lands “Low Tide” on Skagen, trailer drops tomorrow, posters later.",
            "",
            [reader],
        )
    assert russian.drafted_by == ("names and dates",)
    assert brief.drafted_by == ("names and dates", f"the lexicon with {model.name()}"), "a headline is English as well"


@only_sqlite
def test_no_name_has_half_of_a_pair_of_brackets(engine: Engine, reader: Reader) -> None:
    with engine.connect() as connection:
        made = draft(
            connection, "The Icelandic Film Centre (IFC) paid a third; the rest was paid by Mira Sol.", "", [reader]
        )
    named = {one.claim.value: one.claim.subject for one in made.proposals if one.claim.property.endswith("name")}
    assert named.keys() >= {"Icelandic Film Centre", "IFC"}
    assert named["IFC"] == named["Icelandic Film Centre"]


@only_sqlite
@pytest.mark.parametrize(
    "words",
    [
        "The film was made by Ada Lund and Mira Sol, respectively, director and co-director of “Low Tide.”",
        "Erik Holm, who also serves as co-writer and co-producer of “Low Tide,” agreed.",
        "Ada Lund, Mira Sol, Vera Lind and Erik Holm co-star in “Low Tide.”",
        "Erik Holm, the co-founder of the Blue Lantern Agency, agreed.",
    ],
)
def test_what_is_half_a_word_is_no_value(engine: Engine, reader: Reader, words: str) -> None:
    with engine.connect() as connection:
        made = draft(connection, f"published: 2031-01-05\n---\n{words}\n", "", [reader])
    values = {one.claim.value for one in made.proposals if one.claim.value}
    assert all(re.search(r"\w{3}", value) for value in values), values


@only_sqlite
@settings(max_examples=25)
@given(st.lists(st.sampled_from([*WORDS, "\n", ". "]), max_size=60).map(" ".join) | st.text(alphabet=st.characters()))
def test_any_text_is_drafted_by_the_model(engine: Engine, reader: Reader, text: str) -> None:
    article = text.encode("utf-8", "ignore").decode().replace("\0", "")
    with engine.connect() as connection:
        made = draft(connection, article, "", [reader])
    assert parse("x", made.article.text, written(made)).problems == ()


@only_sqlite
@pytest.mark.parametrize(
    "text", ["A" * 250_000, "The film came out in 2019 and Mira Sol flew to Mars. " * 400, "a _" * 20_000]
)
def test_odd_texts_take_bounded_time(engine: Engine, reader: Reader, text: str) -> None:
    with engine.connect() as connection:
        assert draft(connection, text, "", [reader]).article.refused == []


@only_sqlite
def test_a_book_is_left_to_the_names_and_dates(engine: Engine, reader: Reader) -> None:
    with engine.connect() as connection:
        made = draft(connection, "It was a long day.\n" * 16_000, "", [reader])
    assert "is too long for the rules of the lexicon" in written(made)
