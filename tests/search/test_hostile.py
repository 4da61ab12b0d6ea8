"""Whatever text is asked for, searches answer with what they find; what is no text is a problem that names `q`."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.passages import fold

# One list stands for all: their `q` is one parameter.
PATHS = ("/search", "/suggest", "/films")
SIZE = 10_240
OPERATORS = (
    '"', '""', '"the', "'", "''; DROP TABLE search; --", "*", "the*", "^the", "label:the", "names : the", "-the",
    "the AND", "AND", "OR", "NOT", "NEAR", "NEAR(the challenge, 2)", "the OR cruise", "the NOT challenge", "(", ")",
    "((the)", "{names} : the", "the + challenge", "the challenge\\", "\\", "%", "_", "the_challenge", "a:*", "a & b | !c",
    "<->", "the <-> challenge", ":*", "'the':*A", "$1", ":match", "?", "{}", "%s", "a\tb", "a\nb", "--", "/*", "💥", "👩‍🚀",
    "🇷🇺 russia", "\u202eaissur", "مرحبا", "שלום", "挑战者", "e\u0301toile", "a" + "\u0301" * 200, "\u200b", "\ufeff", "ı", "ß",
    "ǅ", "ﬁlm", "Ⅷ", "①", "0", "-1", "1e999", "null", "None", "NaN", "..", "<b>the</b>", "&amp;", "a" * 500, "a " * 250,
    "the " * 124, "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20", "\U000e0041", "\ue000",
    "\0", "the\0challenge", "\0the", "the\0", "\0" * SIZE, "a" * 501, "a" * SIZE, "a " * (SIZE // 2), "the " * (SIZE // 4), '"' * SIZE,
    "*" * SIZE, "(" * SIZE, "the AND " * (SIZE // 8), " ".join(map(str, range(2100))), " ".join(map(chr, range(0x4E00, 0x4E00 + SIZE // 4))),
    "\U0001f680" * (SIZE // 4), "\U0001f680 " * (SIZE // 5), "a" + "\u0301\u0323" * (SIZE // 4 - 1), "\ufdfa" * (SIZE // 3),
)  # fmt: skip
# What is not to be mistaken for a text: bytes that are no UTF-8, and halves of surrogate pairs.
NO_TEXT = ("%ff", "the%ff", "%ed%a0%80", "%ed%a0%bd%ed%b8%80", "%c3", "%00%80", "a" * 10_000 + "%ff")


def check(path: str, response: httpx.Response) -> None:
    """A page or suggestions that are well formed."""
    assert response.status_code == 200, response.text
    told = response.json()
    assert len(told["results"]) <= told.get("count", 10)
    for hit in told["results"] if path != "/films" else ():
        shown = hit["snippet"] if path == "/search" else hit["name"]
        for one in hit["highlights"]:
            assert 0 <= one["start"] < one["end"] <= len(shown)
            assert fold(shown[one["start"] : one["end"]])


@pytest.mark.parametrize("path", PATHS)
def test_operators_and_oddities_are_words_or_nothing(
    searched: httpx.Client, path: str, subtests: pytest.Subtests
) -> None:
    for q in OPERATORS:
        with subtests.test(q=q[:30], length=len(q)):
            # Percent-encoded, ten thousand bytes are thirty thousand.
            assert len(q.encode()) <= SIZE
            check(path, searched.get(path + "?q=" + "".join(f"%{byte:02x}" for byte in q.encode())))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("q", ["…", "!?", "🚀", "'", "*", "-", "\u0301", "\0"])
def test_what_has_no_words_finds_nothing(searched: httpx.Client, path: str, q: str) -> None:
    response = searched.get(path, params={"q": q})
    assert (response.status_code, response.json()["results"], response.json().get("corrected")) == (200, [], None)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query",
    [
        *(f"q={one}" for one in NO_TEXT), "q=", "q=%20%09", "q=" + "a" * (SIZE + 1), "q=the&q=challenge",
        "q=the&kinds=film", "q=the&limit=x" + "y" * 10_000,
    ],
    ids=lambda query: f"{query[:20]} ({len(query)})",
)  # fmt: skip
def test_what_is_no_query_is_a_problem_that_says_why(searched: httpx.Client, path: str, query: str) -> None:
    response = searched.get(f"{path}?{query}")
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["parameter"] in query
    assert error["detail"]


@pytest.mark.parametrize("path", ["/search", "/suggest"])
@pytest.mark.parametrize(("query", "wrong"), [("", ("q", "missing")), ("q=the&kind=films", ("kind", "invalid_value"))])
def test_what_searches_alone_refuse(searched: httpx.Client, path: str, query: str, wrong: tuple[str, str]) -> None:
    response = searched.get(f"{path}?{query}")
    assert response.status_code == 422
    assert [(one["parameter"], one["code"]) for one in response.json()["errors"]] == [wrong]


@pytest.mark.parametrize(
    "q", ["the AND challenge", "the*", '(the) "challenge"', "^the -challenge", "names:the", "the\0challenge"]
)
def test_operators_mean_nothing(searched: httpx.Client, q: str) -> None:
    """They are read as the words in them."""
    plain = "".join(one if one.isalnum() else " " for one in q)
    told: list[dict[str, Any]] = [searched.get("/search", params={"q": one}).json() for one in (q, plain)]
    assert told[0]["results"] == told[1]["results"]


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=40)
@given(
    q=st.text(min_size=1, max_size=60).filter(str.strip)
    | st.lists(st.sampled_from(["the", "novitsky", "AND", '"', "*", "(", "\0", "é", "x"]), min_size=1).map(" ".join)
)
def test_any_text_is_answered(searched: httpx.Client, path: str, q: str) -> None:
    check(path, searched.get(f"{path}?q={quote(q)}"))
