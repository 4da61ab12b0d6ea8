"""Whatever is asked, searches answer: what they find, nothing, or a problem that names the parameter."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.passages import fold

PATHS = ("/search", "/suggest")
OPERATORS = (
    '"', '""', '"the', "'", "''; DROP TABLE search; --", "*", "the*", "^the", "label:the", "names : the", "-the",
    "the AND", "AND", "OR", "NOT", "NEAR", "NEAR(the challenge, 2)", "the OR cruise", "the NOT challenge", "(", ")",
    "((the)", "{names} : the", "the + challenge", "the challenge\\", "\\", "%", "_", "the_challenge", "a:*", "a & b | !c",
    "<->", "the <-> challenge", ":*", "'the':*A", "$1", ":match", "?", "{}", "%s", "\t", "a\nb", "--", "/*", "💥", "👩‍🚀",
    "🇷🇺 russia", "\u202eaissur", "مرحبا", "שלום", "挑战者", "e\u0301toile", "a" + "\u0301" * 200, "\u200b", "\ufeff", "ı", "ß",
    "ǅ", "ﬁlm", "Ⅷ", "①", "0", "-1", "1e999", "null", "None", "NaN", "..", "<b>the</b>", "&amp;", "a" * 500, "a " * 250,
    "the " * 124, "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20", "\U000e0041", "\ue000",
)  # fmt: skip


def check(path: str, response: httpx.Response) -> None:
    """A page or suggestions that are well formed, or a problem that names q."""
    told = response.json()
    if response.status_code != 200:
        assert response.status_code == 422, response.text
        assert {error["parameter"] for error in told["errors"]} == {"q"}
        return
    assert len(told["results"]) <= told.get("count", 10)
    for hit in told["results"]:
        shown = hit["snippet"] if path == "/search" else hit["name"]
        for one in hit["highlights"]:
            assert 0 <= one["start"] < one["end"] <= len(shown)
            assert fold(shown[one["start"] : one["end"]])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("q", OPERATORS, ids=repr)
def test_operators_and_oddities_are_words_or_nothing(searched: httpx.Client, path: str, q: str) -> None:
    check(path, searched.get(path, params={"q": q}))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("q", ["…", "!?", "🚀", "'", "*", "-", "\u0301"])
def test_what_has_no_words_finds_nothing(searched: httpx.Client, path: str, q: str) -> None:
    response = searched.get(path, params={"q": q})
    assert (response.status_code, response.json()["results"], response.json()["corrected"]) == (200, [], None)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query",
    [
        "", "q=", "q=%20%09", "q=%00", "q=the%00challenge", "q=%ed%a0%80", "q=%ff", "q=" + "a" * 501, "q=" + "a" * 10_240,
        "q=" + quote("🚀" * 501), "q=the&q=challenge", "q=the&kind=films", "q=the&kinds=film", "q=the&limit=x",
    ],
    ids=lambda query: f"{query[:20]} ({len(query)})",
)  # fmt: skip
def test_what_is_no_query_is_a_problem_that_says_why(searched: httpx.Client, path: str, query: str) -> None:
    response = searched.get(f"{path}?{query}")
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["parameter"] in query or (error["parameter"], error["code"]) == ("q", "missing")
    assert error["detail"]


@pytest.mark.parametrize("q", ["the AND challenge", "the*", '(the) "challenge"', "^the -challenge", "names:the"])
def test_operators_mean_nothing(searched: httpx.Client, q: str) -> None:
    """They are read as the words in them."""
    plain = "".join(one if one.isalnum() else " " for one in q)
    told: list[dict[str, Any]] = [searched.get("/search", params={"q": one}).json() for one in (q, plain)]
    assert told[0]["results"] == told[1]["results"]


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    q=st.text(max_size=60)
    | st.lists(st.sampled_from(["the", "novitsky", "AND", '"', "*", "(", "é", "x"])).map(" ".join)
)
@example(q="\ud800")
def test_any_text_is_answered(searched: httpx.Client, path: str, q: str) -> None:
    encoded = quote(q.encode("utf-8", "surrogatepass"))
    check(path, searched.get(f"{path}?q={encoded}"))
