"""Reads the project's own pages: fenced blocks, tables, links, and curl calls with the answers they show.

An answer may be shown shortened, by one rule: `…` stands for what is left out. An object that leaves out keys says so
with the member `"…": "…"`, a list that goes on ends with `"…"`, and a text that goes on ends with `…`. Whatever is
shown must be in the answer exactly so. Of an answer that is text (headers, `text/plain`), each line that is shown must
stand there, in this order; a line `…` stands for any.
"""

import ast
import json
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.makers import ROOT

HOST = "http://127.0.0.1:8000"
MORE = "…"
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Call:
    """A curl call of a page, and the answer that the page shows for it."""

    page: str
    line: int
    method: str
    path: str
    headers: dict[str, str]
    body: str | None
    with_headers: bool
    shown: Block

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def name_of(page: Path) -> str:
    """A page's path from the root of the project."""
    return page.relative_to(ROOT).as_posix()


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [
        Block(match["language"], match["text"], text.count("\n", 0, match.start()) + 1)
        for match in _FENCE.finditer(text)
    ]


def prose(text: str) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", text)


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level or above."""
    match = re.search(rf"^(?P<level>#+) {re.escape(heading)}\n(?P<body>.*)", text, re.MULTILINE | re.DOTALL)
    assert match, f"there is no heading '{heading}'"
    return re.split(rf"^#{{1,{len(match['level'])}}} ", match["body"], maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str) -> list[list[str]]:
    """The cells of the rows of the only table in a text, without its head."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) > 2, "there is no table"
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip()[1:-1])] for row in rows[2:]]


def column(rows: Iterable[list[str]]) -> list[str]:
    """What stands between backticks in the first column of a table."""
    return [one for row in rows for one in code(row[0])]


def code(text: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`\n]+)`", text)


def links(text: str) -> list[str]:
    """Where the links of a page lead."""
    return [match["target"] for match in _LINK.finditer(prose(text))]


def anchors(text: str) -> set[str]:
    """The fragments that the headings of a page can be reached by."""
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def messages_in(files: Iterable[str]) -> Iterator[str]:
    """The sentences of some modules, with … where they name something; docstrings are none."""
    for file in files:
        tree = ast.parse((ROOT / "app" / file).read_text(encoding="utf-8"))
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(one.value) if isinstance(one, ast.Constant) else "…" for one in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside | docstrings:
                yield node.value


def fragments(message: str) -> list[str]:
    """The parts of a message that are the same for everybody, and long enough to tell it by."""
    return [part for one in message.split("…") if len((part := one.strip(" ;:,.'()")).split()) >= 2]


def calls(page: Path) -> list[Call]:
    """Every curl call of a page. A block with one has nothing else, and the answer's block comes next."""
    name, found = name_of(page), blocks(page.read_text(encoding="utf-8"))
    answers = [*found[1:], Block("", "", 0)]
    return [_call(name, one, answer) for one, answer in zip(found, answers, strict=False) if "curl" in one.text.split()]


def _call(page: str, block: Block, answer: Block) -> Call:
    where = f"{page}:{block.line}"
    command = block.text.strip()
    assert block.language == "sh", f"{where}: a curl call stands in a block of sh"
    assert "\n" not in command, f"{where}: a block with a curl call has one line"
    assert answer.language in ("json", "text"), f"{where}: a block of json or text with the answer must come next"
    method, headers, body, with_headers, urls = "GET", {}, None, False, []
    words = iter(shlex.split(command)[1:])
    for word in words:
        if word == "-H":
            header, _, value = next(words).partition(":")
            headers[header] = value.strip()
        elif word == "--json":
            method, body = "POST" if method == "GET" else method, next(words)
            headers |= {"Content-Type": "application/json", "Accept": "application/json"}
        elif word == "-X":
            method = next(words)
        elif word in ("-I", "-sI"):
            method, with_headers = "HEAD", True
        elif word in ("-i", "-si"):
            with_headers = True
        elif not word.startswith("-"):
            urls.append(word)
        else:
            assert word == "-s", f"{where}: the option {word} of curl is not known here"
    (url,) = urls
    assert url.startswith(f"{HOST}/"), f"{where}: {url} is not on {HOST}"
    quoted = re.search(r"(['\"])" + re.escape(url) + r"\1", command)
    assert quoted or not set("?&*[] ") & set(url), f"{where}: a shell would not take {url} as it is; quote it"
    return Call(page, block.line, method, url.removeprefix(HOST), headers, body, with_headers, answer)


def failures(client: httpx.Client, call: Call) -> list[str]:
    """In what the answer to a call is not what its page shows; nothing when it is."""
    response = client.request(call.method, call.path, headers=call.headers, content=call.body)
    # The tests serve on a port of their own, and absolute URLs name it.
    here = str(client.base_url).rstrip("/")
    body = response.text.replace(here, HOST)
    if call.shown.language == "text":
        head = [f"{response.http_version} {response.status_code} {response.reason_phrase}"]
        head += [f"{name}: {value}" for name, value in response.headers.items()]
        live = "\n".join([*head, "", body]) if call.with_headers else body
        return _text_failures(call.shown.text, live)
    if call.with_headers:
        return ["with -i or -I the answer is text, not json"]
    shown = json.loads(call.shown.text, object_pairs_hook=_without_doubles)
    if is_empty(shown):
        return ["the page shows nothing of the answer"]
    if response.is_error and (not isinstance(shown, dict) or shown.get("status") != response.status_code):
        return [f"the answer is an error, {response.status_code}, which the page does not show"]
    return differences(shown, json.loads(body))


def is_empty(shown: Any) -> bool:
    """Whether nothing is left of a shown answer but what stands for what was left out."""
    if isinstance(shown, dict):
        return all(is_empty(value) for key, value in shown.items() if key != MORE)
    return all(map(is_empty, shown)) if isinstance(shown, list) else shown == MORE


def differences(shown: Any, live: Any, at: str = "the answer") -> list[str]:
    """Where a live answer is not what is shown of it."""
    if isinstance(shown, dict) and isinstance(live, dict):
        return list(_object_differences(shown, live, at))
    if isinstance(shown, list) and isinstance(live, list):
        goes_on = bool(shown) and shown[-1] == MORE
        items = shown[:-1] if goes_on else shown
        if len(items) >= len(live) if goes_on else len(items) != len(live):
            return [f"{at} has {len(live)} items, not {'more than ' if goes_on else ''}{len(items)}"]
        pairs = enumerate(zip(items, live, strict=False))
        return [one for index, (a, b) in pairs for one in differences(a, b, f"{at}[{index}]")]
    if isinstance(shown, str) and isinstance(live, str) and shown.endswith(MORE):
        is_so = live.startswith(shown.removesuffix(MORE))
    else:
        is_so = type(shown) is type(live) and shown == live
    return [] if is_so else [f"{at} is {live!r}, not {shown!r}"]


def _object_differences(shown: dict[str, Any], live: dict[str, Any], at: str) -> Iterator[str]:
    for key, value in shown.items():
        if key != MORE:
            yield from differences(value, live[key], f"{at}.{key}") if key in live else [f"{at} has no key {key}"]
    left_out = sorted(live.keys() - shown.keys())
    if bool(left_out) != (MORE in shown):
        yield f"{at} leaves out {', '.join(left_out) or 'nothing'}, which the page does not say"


def _text_failures(shown: str, live: str) -> list[str]:
    rest = iter(live.splitlines())
    wanted = [line for line in shown.splitlines() if line.strip() not in ("", MORE)]
    if not wanted:
        return ["the page shows nothing of the answer"]
    return [
        f"the answer has no line '{line}' at its place" for line in wanted if not any(_is_line(line, x) for x in rest)
    ]


def _is_line(shown: str, live: str) -> bool:
    return live.startswith(shown.removesuffix(MORE)) if shown.endswith(MORE) else live == shown


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    assert len(found) == len(pairs), f"a key stands twice among {[key for key, _ in pairs]}"
    return found
