"""An ETag stands for the bytes of one answer: no two are under the same, and none of one URL is under two."""

from typing import Any

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.http.formats import MEDIA_TYPES

# What each can be had as, on the door below the framework and above it.
PATHS = (
    "/films/the-challenge", "/people/klim-shipenko?evidence=ids", "/films?limit=2", "/films", "/people?format=csv",
    "/films/the-challenge?format=md", "/facts?limit=2", "/sources", "/sources/cnn-2023-03-08-the-challenge",
    "/sources/cnn-2023-03-08-the-challenge/annotated", "/sources/cnn-2023-03-08-the-challenge/text", "/changes", "/llms.txt", "/",
    "/events.ics", "/search?q=soyuz", "/timeline?limit=2", "/properties",
)  # fmt: skip
ACCEPTS = st.lists(
    st.tuples(
        st.sampled_from((*MEDIA_TYPES.values(), "text/calendar", "application/xml", "*/*", "text/*", "application/*")),
        st.sampled_from(("", ";q=0.9", ";q=0.5", ";q=0")),
    ).map("".join),
    max_size=3,
).map(", ".join)
ENCODINGS = st.sampled_from(("identity", "gzip", "br", "zstd", "br;q=0.5, zstd"))
ASKED = st.fixed_dictionaries({"Accept": ACCEPTS, "Accept-Encoding": ENCODINGS})


def plain(accept: str) -> dict[str, str]:
    return {"Accept": accept, "Accept-Encoding": "identity"}


def sent(answer: httpx.Response) -> tuple[Any, ...]:
    """The representation: its encoding is its own, and its bytes are compared without."""
    return answer.headers["content-type"], answer.headers.get("content-encoding"), answer.content


@settings(max_examples=100)
@given(path=st.sampled_from(PATHS), one=ASKED, other=ASKED)
@example("/films/the-challenge", plain("text/html, application/json;q=0.5"), plain("text/html, text/markdown;q=0.5"))
@example("/films/the-challenge", plain("text/html, application/ld+json;q=0.5"), plain("text/html, */*;q=0.5"))
@example("/films/the-challenge", plain("text/html, application/json;q=0.5"), plain("application/json"))
@example("/films?limit=2", plain("text/html, application/json;q=0.5"), plain("text/html, text/csv;q=0.5"))
@example("/films?limit=2", plain("text/csv"), plain("application/json"))
@example("/changes", plain("text/html, application/json;q=0.5"), plain("text/html, application/atom+xml;q=0.5"))
@example("/llms.txt", plain("text/markdown"), plain("text/plain, text/markdown;q=0.5"))
@example("/llms.txt", plain("text/markdown"), plain("text/markdown, text/plain"))
@example("/sources/cnn-2023-03-08-the-challenge/annotated", plain("text/csv, */*"), plain("text/csv, application/ld+json;q=0.1"))  # fmt: skip
def test_one_etag_is_one_representation(
    api: httpx.Client, path: str, one: dict[str, str], other: dict[str, str]
) -> None:
    """`api` holds each answer against that of the cache, and of a server that keeps none."""
    first, second = (api.get(path, headers=asked) for asked in (one, other))
    if {first.status_code, second.status_code} != {200}:
        assert {first.status_code, second.status_code} <= {200, 406}
        return
    etags = [answer.headers["etag"] for answer in (first, second)]
    assert (etags[0] == etags[1]) == (sent(first) == sent(second))
    # Who holds the first is told 304 where it is what would be sent, in whatever encoding that they still read.
    again = api.get(path, headers={**other, "If-None-Match": etags[0]})
    if etags[0] == etags[1]:
        assert (again.status_code, again.headers["etag"]) == (304, etags[0])
    elif again.status_code == 304:
        encoding = first.headers.get("content-encoding")
        assert encoding is None or encoding in other["Accept-Encoding"]
        assert (sent(first)[0], sent(first)[2]) == (sent(second)[0], sent(second)[2])


PARTS = (
    "ordering=film_type", "ordering=-label", "ordering=release_date", "fields=slug", "fields=label", "fields=genres", "facet=genre",
    "facet=cast", "format=csv", "format=ndjson", "limit=2", "offset=1", "genre=drama", "genre=documentary", "certain=true",
)  # fmt: skip


@settings(max_examples=100)
@given(parts=st.lists(st.sampled_from(PARTS), min_size=2, max_size=5, unique=True), data=st.data())
@example(["ordering=film_type", "ordering=-label"], None)
@example(["fields=slug", "fields=label", "format=csv"], None)
@example(["facet=genre", "facet=cast"], None)
@example(["fields=slug", "limit=1"], None)
def test_one_etag_is_one_body_in_whatever_order_it_is_asked_for(
    library: httpx.Client, parts: list[str], data: st.DataObject | None
) -> None:
    other = data.draw(st.permutations(parts)) if data else parts[::-1]
    for more in ({}, {"X-Nobody-Knows": "it"}):  # below the framework, and above
        first, second = (library.get(f"/films?{'&'.join(one)}", headers=more) for one in (parts, other))
        assert first.status_code == second.status_code
        if first.status_code == 200:
            assert first.headers["etag"] != second.headers["etag"] or first.content == second.content
