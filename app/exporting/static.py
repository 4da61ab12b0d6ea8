"""Every URL's JSON as a file, which any file server can host: the answers of the API, as they are.

`/films/x` is the file `films/x.json`, and the second page of `/films` is `films-2.json`; `/facts?source=x` is
`facts~source=x.json`, and its second page `facts~source=x&page=2.json`. Links lead from file to file, as relative
references (RFC 3986), so that the files may lie anywhere. One to what only a server can answer, such as a search, is
null. What is gone is told by its problem document.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from posixpath import dirname, relpath
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import httpx

from app.exporting.everything import Step

# No host has this name (RFC 6761), and no link keeps it.
_BASE = "http://filmspace.invalid"
_LARGEST_PAGE = 100
# What lives in a server: what is searched for, what it is doing, its pages for people; and what is no JSON, but full of
# links, which lead nowhere but there.
_SERVED = ("/search", "/suggest", "/path", "/metrics", "/docs", "/redoc", "/llms.txt", "/events.ics")
_NO_NAME = re.compile(r"[^\w=&,.-]+")


class ChangedError(Exception):
    """The data changed while it was being written."""


class UnansweredError(Exception):
    """The API did not answer what it leads to: this URL, with this status, for this reason."""


class _Page(NamedTuple):
    """A URL of the API to be asked for, and the file that its answer becomes: the page of this number of a list."""

    url: str
    stem: str
    suffix: str
    number: int = 1

    @property
    def file(self) -> str:
        # After a query a hyphen could be that of a slug which ends in a number.
        before = "&page=" if "~" in self.stem else "-"
        return f"{self.stem}{'' if self.number == 1 else f'{before}{self.number}'}{self.suffix}"


def write(app: Any, folder: Path, step: Step) -> int:
    """Ask `app`, an ASGI application, for all that links lead to from `/`; how many files that makes.

    `step` is called with how many are written, of how many that are known of. Raises ChangedError when they would not
    be of one revision, and UnansweredError for an answer that is none.
    """
    return asyncio.run(_Walk(folder, step).all_of(app))


class _Walk:
    """What is known of, and what of it is yet to be written."""

    def __init__(self, folder: Path, step: Step) -> None:
        self._folder, self._step = folder, step
        self._parts: dict[str, list[str]] = {}
        self._known: dict[str, str | None] = {}
        self._waiting: deque[_Page] = deque()

    async def all_of(self, app: Any) -> int:
        done = 0
        accepted = {"Accept": "application/json, */*;q=0.1", "Accept-Encoding": "identity"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=_BASE, headers=accepted, follow_redirects=True
        ) as client:
            begun = (await _answer(client, "/")).json()["revision"]
            self._parts = _parts((await _answer(client, "/openapi.json")).json()["paths"])
            self._file_of("/")
            while self._waiting:
                await self._write(client, self._waiting.popleft())
                done += 1
                self._step(done, done + len(self._waiting))
            ended = (await _answer(client, "/")).json()["revision"]
        if ended != begun:
            raise ChangedError(f"the data went from revision {begun} to {ended} while it was being written")
        return done

    async def _write(self, client: httpx.AsyncClient, page: _Page) -> None:
        answer = await _answer(client, page.url)
        told = self._told(answer, page)
        if page.number == 1 and isinstance(told, dict) and told.get("next"):
            # A list of several pages: in as few as there may be.
            answer = await _answer(client, httpx.URL(page.url).copy_merge_params({"limit": _LARGEST_PAGE}))
            told = self._told(answer, page)
        written = self._folder / page.file
        written.parent.mkdir(parents=True, exist_ok=True)
        if told is None:
            written.write_bytes(answer.content)
            return
        linked = self._linked(told, page.file)
        if "next" in told:
            linked |= self._beside(page, told["next"])
        written.write_text(json.dumps(linked, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")

    def _told(self, answer: httpx.Response, page: _Page) -> Any:
        """The JSON of an answer in which links stand; None for a text, and for the description of the API."""
        is_json = "json" in answer.headers["content-type"].partition(";")[0]
        return answer.json() if is_json and page.url != "/openapi.json" else None

    def _beside(self, page: _Page, after: str | None) -> dict[str, str | None]:
        """The links of a page of a list to those beside it."""
        following, before = page._replace(url=after or "", number=page.number + 1), None
        if after:
            self._waiting.append(following)
        if page.number > 1:
            before = page._replace(number=page.number - 1)
        return {
            "next": _reference(following.file, page.file) if after else None,
            "previous": _reference(before.file, page.file) if before else None,
        }

    def _linked(self, told: Any, file: str, *, is_links: bool = False) -> Any:
        """The same with every link to what we serve led to its file; `is_links` where every text is one."""
        if isinstance(told, list):
            return [self._linked(one, file) for one in told]
        if not isinstance(told, dict):
            return told
        return {
            key: value
            if key == "identifiers"  # by schemes that sources name, of which one may be "url"
            else self._link(value, file)
            if isinstance(value, str) and (is_links or key in ("url", "instance") or key.endswith("_url"))
            else self._linked(value, file, is_links=key in ("links", "more"))
            for key, value in told.items()
        }

    def _link(self, url: str, file: str) -> str | None:
        ours = url.removeprefix(_BASE)
        if not ours.startswith("/"):
            return url
        target = self._file_of(ours)
        return target and _reference(target, file)

    def _file_of(self, url: str) -> str | None:
        """The file of a URL of ours, which is to be written if it is new; None where there cannot be one."""
        if url not in self._known:
            page = _page_of(url)
            self._known[url] = page and page.file
            if page:
                self._waiting.append(page)
                for part in self._parts.get(_template(url), ()):
                    self._file_of(f"{url}/{part}")
        return self._known[url]


async def _answer(client: httpx.AsyncClient, url: httpx.URL | str) -> httpx.Response:
    """The answer, which may be that something is gone. Raises UnansweredError."""
    answer = await client.get(url)
    if answer.is_error and answer.status_code != httpx.codes.GONE:
        raise UnansweredError(f"{url} is answered with {answer.status_code}: {answer.json()['detail']}")
    return answer


def _parts(paths: Mapping[str, Any]) -> dict[str, list[str]]:
    """By the first word of paths with one parameter what they can go on with: `films` with `facts`, and so on."""
    found: dict[str, list[str]] = {}
    for path in paths:
        if (words := path.strip("/").split("/"))[1:2] and words[1].startswith("{") and len(words) == 3:
            found.setdefault(words[0], []).append(words[2])
    return found


def _template(url: str) -> str:
    """The first word of a path of two; else nothing."""
    words = url.strip("/").split("/")
    return words[0] if len(words) == 2 and "?" not in url else ""


def _page_of(url: str) -> _Page | None:
    path, query = urlsplit(url).path, urlsplit(url).query
    if path in _SERVED:
        return None
    stem = path.strip("/") or "index"
    if path.endswith("/text"):
        return _Page(url, stem, ".txt")
    if (suffix := Path(path).suffix) and path.count("/") == 1:
        return _Page(url, stem.removesuffix(suffix), suffix)
    return _Page(url, f"{stem}~{_NO_NAME.sub(_spelt, query)}" if query else stem, ".json")


def _spelt(found: re.Match[str]) -> str:
    """What cannot be in a file's name by the numbers of its bytes, so that no two queries have one file."""
    return "".join(f"~{one:02x}" for one in found[0].encode())


def _reference(file: str, seen_from: str) -> str:
    """The relative reference from one file to another."""
    return quote(relpath(file, dirname(seen_from) or "."), safe="/=&,~")
