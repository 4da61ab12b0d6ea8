"""Records and facts as Markdown, and /llms.txt, read by a CommonMark parser: texts stay texts, every note is there."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sqlalchemy import Engine

from app.renderings import markdown
from app.vocabulary import KINDS, PLURALS
from tests.conftest import Serving
from tests.makers import a_claim, a_folder, load

PARSER = MarkdownIt("commonmark")
MARKER = re.compile(r"\[\^(\d+)\]")
SNIPPETS = (
    "<b>", "</b>", "<!-- x -->", "<http://x.y>", "&amp;", "&#42;", "`", "``", "*x*", "**", "_x_", "[x](y)", "![x](y)", "[x]",
    "[^1]", "\\", "\\*", "# ", "## ", "- ", "+ ", "* ", "1. ", "2) ", "> ", "---", "===", "***", "~~~", "    ", "|", "a|b", "$x$",
    "\n", "\n\n", "\r", "\t", "\0", "\u2028", "\u00a0", ": ", "\"", "'", "(", ")", "!", "^", "~x~", "http://x.y", "www.x.y", "word", "Ω", "é",
)  # fmt: skip
nasty = (
    st.lists(st.sampled_from(SNIPPETS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=5), min_size=1)
    .map("".join)
    .filter(lambda one: one.strip() != "")
)


def tokens(text: str) -> list[Token]:
    found = []
    for token in PARSER.parse(text):
        found += [token, *(token.children or [])]
    return found


def plain(text: str) -> str:
    """What a reader sees of a page."""
    return "\n".join(
        "".join("\n" if one.type == "softbreak" else one.content for one in token.children or [])
        for token in PARSER.parse(text)
        if token.type == "inline"
    )


def lined(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "\ufffd", " ".join(text.split()))


def every_page(api: httpx.Client) -> list[tuple[dict[str, Any], str]]:
    """(record with its facts, its page) for every record."""
    found = []
    for kind in KINDS:
        for record in api.get(f"/{PLURALS[kind]}", params={"evidence": "quotes", "limit": 100}).json()["results"]:
            answer = api.get(record["url"], headers={"Accept": "text/markdown"})
            assert answer.headers["content-type"] == "text/markdown; charset=utf-8; variant=CommonMark"
            found.append((record, answer.text))
    return found


@pytest.fixture(scope="module")
def pages(almanac: httpx.Client) -> list[tuple[dict[str, Any], str]]:
    return every_page(almanac)


@given(nasty)
@example("1. x")
@example("12) x")
@example("- x\n===")
@example("# <b>&amp;</b> `x` [^1]: x \\")
def test_any_text_is_read_as_that_text(told: str) -> None:
    text = markdown.text(told)
    frames = [
        "# {}\n",
        "- **Name:** {} [^1]\n",
        "- **Name:**\n  - {}\n  - {}\n",
        "A film ({}).\n",
        '[^1]: "{}" — X, <http://a.b/>\n',
    ]
    for frame in frames:
        types = {token.type for token in tokens(frame.replace("{}", "x"))}
        read = tokens(frame.replace("{}", text))
        assert {token.type for token in read} <= types | {"text_special"}
        assert plain(frame.replace("{}", text)) == plain(frame.replace("{}", "\ue000")).replace("\ue000", lined(told))
    (paragraph,) = [one for one in PARSER.parse(markdown.link(told, "http://a.b/c")) if one.type == "inline"]
    kinds = [one.type for one in paragraph.children or [] if one.type not in ("text", "text_special")]
    assert kinds == ["link_open", "link_close"]
    assert plain(markdown.link(told, "http://a.b/c")) == lined(told)


def test_no_page_holds_markup_of_a_source(almanac: httpx.Client, pages: list[tuple[dict[str, Any], str]]) -> None:
    assert any("<b>friends</b>" in plain(page) and "*and*" in plain(page) for _, page in pages)
    for _, page in pages:
        read = tokens(page)
        assert not {token.type for token in read} & {
            "html_inline",
            "html_block",
            "code_inline",
            "fence",
            "image",
            "em_open",
        }
        targets = [str(token.attrs["href"]) for token in read if token.type == "link_open"]
        assert targets
        assert [one for one in targets if not one.startswith(str(almanac.base_url))] == []


def test_links_lead_somewhere(almanac: httpx.Client, pages: list[tuple[dict[str, Any], str]]) -> None:
    targets = {str(token.attrs["href"]) for _, page in pages for token in tokens(page) if token.type == "link_open"}
    assert len(targets) > 80
    assert [one for one in targets if almanac.get(one).status_code != 200] == []


def test_every_value_has_the_sentence_that_says_it(pages: list[tuple[dict[str, Any], str]]) -> None:
    for record, page in pages:
        body, *notes = re.split(r"\n(?=\[\^\d+\]: )", page)
        told = {int(MARKER.match(note)[1]): plain(note) for note in notes}  # type: ignore[index]  # it matches
        assert [*told] == list(range(1, len(told) + 1))
        assert {int(one) for one in MARKER.findall(body)} == told.keys()
        values = [line for line in body.splitlines() if line.lstrip().startswith("- ") and not line.endswith(":**")]
        assert values
        assert [line for line in values if not MARKER.search(line)] == []
        quotes = {
            (lined(one["sentence"]), one["source"]["publisher"], one["source"]["published"], one["source"]["url"])
            for facts in record["facts"].values()
            for fact in facts
            for one in fact["evidence"]
            if one["role"] == "quote"
        }
        assert len(quotes) == len(told)
        for quote in quotes:
            assert any(all(part in note for part in quote) for note in told.values()), quote


def test_each_fact_stands_in_its_section_with_its_sense(pages: list[tuple[dict[str, Any], str]]) -> None:
    words = {"planned": "planned", "reported": "reported", "fictional": "true only in the story"}
    seen = set()
    for record, page in pages:
        body, _, aside = plain(page.partition("\n[^1]: ")[0]).partition("Hoped for, denied, or true only in a story")
        for fact in (fact for facts in record["facts"].values() for fact in facts):
            value, modality = fact["value"], fact["modality"]
            text = value["label"] if isinstance(value, dict) and "label" in value else value
            seen.add(modality)
            if modality in ("hoped", "negated") or (modality == "fictional" and record["kind"] != "character"):
                assert text in aside
                assert {"hoped": "Hoped", "negated": "Denied", "fictional": "True only"}[modality] in aside
            elif modality in words:
                assert words[modality] in body
            if fact["attributed_to"]:
                assert f"from {fact['attributed_to']}" in plain(page)
    assert seen == {"asserted", "reported", "planned", "hoped", "negated", "fictional"}


def test_page_as_a_reader_sees_it(almanac: httpx.Client) -> None:
    film = plain(almanac.get("/films/long-dust?format=md").text)
    for line in (
        "Release date:\n2021-06-02 (disputed: sources disagree) [^2]\nalso said: 2021-05-01 [^3]",
        "Filming date: from 2019 to 2020 [^1]",
        "Duration: 95 minutes [^1]",
        "Goals: to warn of storms (reported, from Orr) [^4]",
        "Denied, from Orr: Long Dust: genre comedy [^6]",
        '[^6]: "“It is not a comedy,” Orr said of Long Dust." — The Sample Almanac, 2022-03-04, ',
    ):
        assert line in film
    person = plain(almanac.get("/people/ben-ito?format=md").text)
    assert "More Dust as Jo Vane [^2]" in person
    assert "Deck Nine landing (watched it) [^3]\nDust Gala (host; planned) [^4]" in person
    assert "some time" not in film
    landing = plain(almanac.get("/events/landing?format=md").text)
    assert "Date: 2018 or 2019" in landing
    assert "Birth date: about 1970" in plain(almanac.get("/people/ann-orr?format=md").text)
    assert "No source names it" in plain(almanac.get("/films/tides?format=md").text)
    gala = plain(almanac.get("/events/dust-gala?format=md").text)
    assert "An event that is planned." in gala
    for name in ("fields=label", "include=films"):
        refused = almanac.get(f"/events/dust-gala?format=md&{name}")
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["parameter"] == name.partition("=")[0]


def test_a_denial_denies_no_more_than_its_source_does(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    article = "Ann is not in Alpha as Zed. There are Ann, Alpha and Zed."
    named = {"film/alpha": "Alpha", "person/ann": "Ann", "character/zed": "Zed"}
    denial = a_claim(
        "film/alpha", "cast", object="person/ann", modality="negated", quote="Ann is not in Alpha as Zed.",
        qualifiers={"character": "character/zed"},
    )  # fmt: skip
    claims = [*(a_claim(one, "name", name, quote=article) for one, name in named.items()), denial]
    load(engine, a_folder(tmp_path, "a", article, claims))
    client = serving(engine)
    page = plain(client.get("/films/alpha?format=md").text)
    assert "Denied: Alpha: cast Ann (character Zed)" in page
    said = "Alpha: cast Ann (character Zed; denied)"
    assert said in client.get("/changes?format=atom").text
    sentences = client.get("/sources/a/annotated?format=jsonld").json()["first"]["items"]
    assert said in [body.get("value") for item in sentences for body in item["body"]]
    (changed,) = [one for one in client.get("/changes").json()["results"][0]["added"] if one["property"] == "cast"]
    (stated,) = client.get("/facts?property=cast").json()["results"]
    assert changed["qualifiers"] == stated["qualifiers"]


@pytest.mark.parametrize(
    ("value", "quote", "phrase", "told"),
    [
        ("2023-24", "Alpha flew in winter 2023", "in winter 2023", "some time in winter 2023"),
        ("2021/", "Alpha flew, beginning in 2021", None, "from 2021 to an unknown day"),
        ("2021/..", "Alpha flies since 2021", "since 2021", "from 2021 on"),
        ("202X", "Alpha flew in the 2020s", None, "some time in the 2020s"),
    ],
)
def test_a_date_is_spelt_out_where_it_would_be_read_as_another(
    engine: Engine, serving: Serving, tmp_path: Path, value: str, quote: str, phrase: str | None, told: str
) -> None:  # fmt: skip
    how = {"phrase": phrase, "inference": "implied"} if phrase else {}
    claims = [
        a_claim("event/alpha", "name", "Alpha", quote="Alpha"),
        a_claim("event/alpha", "date", value, quote=quote, **how),
    ]
    load(engine, a_folder(tmp_path, "a", f"{quote}.", claims))
    assert f"- **Date:** {told} " in serving(engine).get("/events/alpha?format=md").text


def test_a_name_that_lost_to_another_has_its_receipt(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    for slug, name in (("a", "Miloš Biko"), ("b", "Milos Biko")):
        told = f"{name} was there."
        source = {"published": f"2023-01-0{1 + (slug == 'a')}", "publisher": slug}
        load(engine, a_folder(tmp_path, slug, told, [a_claim("person/biko", "name", name, quote=told)], source=source))
    client = serving(engine)
    record = client.get("/people/biko?evidence=quotes").json()
    assert (record["name"], record["alternate_names"]) == ("Miloš Biko", ["Milos Biko"])
    assert [fact["value"] for fact in record["facts"]["alternate_names"]] == ["Milos Biko"]
    page = client.get("/people/biko?format=md").text
    assert re.search(r"Alternate names:\*\* Milos Biko \[\^\d\]", page), page


def test_a_duration_in_an_abbreviated_unit_is_one(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    told = "Alpha runs for 2.5 hrs."
    claims = [
        a_claim("film/alpha", "name", "Alpha", quote=told),
        a_claim("film/alpha", "duration", "2.5 hrs", quote=told),
    ]
    load(engine, a_folder(tmp_path, "a", told, claims))
    client = serving(engine)
    assert client.get("/films/alpha").json()["duration_minutes"] == 150
    assert "- **Duration:** 150 minutes [^1]" in client.get("/films/alpha?format=md").text


def test_fact_is_a_page_too(almanac: httpx.Client) -> None:
    (fact,) = almanac.get("/facts?modality=planned&property=participant&subject=event/dust-gala").json()["results"]
    page = plain(almanac.get(fact["url"], params={"format": "md"}).text)
    assert page.startswith("Dust Gala: participant Ben Ito (role host; planned)\n")
    assert "Value: Ben Ito [^1]" in page
    assert '[^1]: "The Dust Gala will be held on Deck Nine in 2024 with Ben Ito as host."' in page


def test_a_spelling_as_written_is_told_in_good_english(library: httpx.Client) -> None:
    facts = library.get("/facts?property=alternate_name&limit=100").json()["results"]
    written = [one["url"] for one in facts if one["qualifiers"].get("as_written")]
    assert written
    for url in written:
        page = plain(library.get(url, headers={"Accept": "text/markdown"}).text)
        assert "(as written" in page.splitlines()[0]
        assert "As written: yes" in page
        assert "as written true" not in page


def test_llms_txt_is_true(almanac: httpx.Client, api: httpx.Client) -> None:
    answer = almanac.get("/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    as_markdown = almanac.get("/llms.txt", headers={"Accept": "text/markdown"})
    assert as_markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert as_markdown.text == answer.text != api.get("/llms.txt").text
    read = PARSER.parse(answer.text)
    assert [token.tag for token in read if token.type == "heading_open"] == ["h1", *["h2"] * 3]
    assert [token.type for token in read[3:4]] == ["blockquote_open"]
    targets = [str(token.attrs["href"]) for token in tokens(answer.text) if token.type == "link_open"]
    assert len(targets) == len(set(targets)) > 15
    assert [one for one in targets if almanac.get(one).status_code != 200] == []
    held = almanac.get("/").json()
    assert f"Revision {held['revision']} of the data: {held['counts']['films']} films, " in answer.text
    paths = almanac.get("/openapi.json").json()["paths"]
    named = {path for path in paths if "{" not in path and f"{path}" in answer.text}
    service = {path for path, methods in paths.items() if any(one["tags"] == ["service"] for one in methods.values())}
    assert {path for path in paths if "{" not in path} - service <= named
