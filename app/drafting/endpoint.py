"""Drafting by a language model behind an OpenAI-compatible chat endpoint. Its reply is a list of proposals, no more.

What it says goes the same way as every proposal: what does not quote the text, or does not fit, is listed as rejected.
"""

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.drafting import Article
from app.drafting.instructions import INSTRUCTIONS
from app.drafting.replies import Reply

_LARGEST_REPLY = 2_000_000
_LONGEST_PART, _MOST_PARTS = 6_000, 50
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)
_MEANINGS = {
    401: "refuses the key; set FILMSPACE_LLM_KEY",
    403: "refuses the key; set FILMSPACE_LLM_KEY",
    404: "has no such model, or no chat completions at this address",
    429: "answers too many requests; try again later",
}


class EndpointError(Exception):
    """The endpoint does not do its part; the message is for the person who named it, and holds no key."""


class Endpoint:
    """A model at an address, such as http://127.0.0.1:11434/v1; `timeout` is how many seconds a reply may take."""

    def __init__(self, url: str, model: str, *, key: str | None, timeout: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EndpointError(f"'{url}' is no address of an endpoint; expected one such as http://127.0.0.1:11434/v1")
        if key and not (key.isascii() and key.isprintable()):
            raise EndpointError("FILMSPACE_LLM_KEY has characters in it that no key has")
        self._host, self._model, self._key, self._timeout = parts.hostname, model, key, timeout
        self._url = url if url.rstrip("/").endswith("/chat/completions") else f"{url.rstrip('/')}/chat/completions"

    def __call__(self, article: Article) -> str:
        """Ask for the claims of an article, part by part, and add them to it. Raises EndpointError."""
        replies = Reply(article, self._model)
        with httpx.Client(headers=self._headers(), timeout=self._timeout) as client:
            for part in _parts(article):
                told = self._ask(client, part, article)
                replies.add(_listed(told))
        return f"{self._model} at {self._host}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def _ask(self, client: httpx.Client, part: str, article: Article) -> str:
        """What the model says of one part of the text."""
        source = article.source
        known = sorted({f"{one.entity} ({article.text[one.start : one.end]})" for one in article.mentions})
        about = {"published": source.published, "publisher": source.publisher, "known": known[:200], "text": part}
        messages = [
            {"role": "system", "content": INSTRUCTIONS},
            {"role": "user", "content": json.dumps(about, ensure_ascii=False)},
        ]
        body = self._post(client, {"model": self._model, "messages": messages, "temperature": 0})
        try:
            said = json.loads(body)["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError) as error:
            raise EndpointError(f"{self._host} answers something else than a chat completion") from error
        return said if isinstance(said, str) else ""

    def _post(self, client: httpx.Client, question: dict[str, Any]) -> bytes:
        """The body of the answer, in the time and of the size that it may have."""
        until, body = time.monotonic() + self._timeout, bytearray()
        try:
            with client.stream("POST", self._url, json=question) as answer:
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > _LARGEST_REPLY:
                        raise EndpointError(f"{self._host} answers more than {_LARGEST_REPLY} bytes")
                    if time.monotonic() > until:
                        raise EndpointError(f"{self._host} takes longer than {self._timeout:g} seconds to answer")
                status = answer.status_code
        except httpx.TimeoutException as error:
            raise EndpointError(f"{self._host} takes longer than {self._timeout:g} seconds to answer") from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise EndpointError(f"{self._host} cannot be reached ({type(error).__name__})") from error
        if status != 200:
            raise EndpointError(f"{self._host} {_MEANINGS.get(status, f'answers with status {status}')}")
        return bytes(body)


def _parts(article: Article) -> Iterator[str]:
    """The text in parts of whole sentences."""
    begun: tuple[int, int] | None = None
    count = 0
    for start, end in article.spans:
        if begun and end - begun[0] <= _LONGEST_PART:
            begun = begun[0], end
            continue
        if begun:
            yield article.text[slice(*begun)]
            count += 1
        if count == _MOST_PARTS:
            article.refused.append(f"the text from “{article.text[start : start + 60]}” on was not asked about")
            return
        begun = start, end
    if begun:
        yield article.text[slice(*begun)]


def _listed(said: str) -> list[Any] | None:
    """The list in a reply, bare or in a fence or as the `claims` of an object; None where there is none."""
    fenced = _FENCE.search(said)
    for text in (said, fenced[1] if fenced else ""):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            found = found.get("claims")
        if isinstance(found, list):
            return found
    return None
