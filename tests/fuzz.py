"""Requests that no sensible client would send, derived from the OpenAPI document, and what each of them was.

All are chosen by a generator of random numbers that starts from the same place each time, so that what is found once
is found again.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes

from app.api import examples

DATES = (
    "2021-02-30", "2021-13", "2021-00-10", "0000-00-00", "9999-12-31", "99999-01-01", "-9999", "-0000", "2022/2021",
    "2021-10-05/2021-10-04", "2021-10-05T25:61:61Z", "2021-10-05T12:00:00+99:99", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "2021-1-1", "21-10-05", "today", "[2021..2020]", "[..]", "{2021,2020}", "2021-25",
    "../..", "/", "2021/", "/2021/", "Y17E7", "Y-170000002", "2021-XX-31", "XXXX", "2021?~%", "1e9", "2021-10-05 12:00",
)  # fmt: skip
NUMBERS = (
    "-1", "0", "101", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "1" * 400, "1e308", "1e309", "-1e400", "1e-400", "NaN", "Infinity", "-inf", "0x10", "1_000", "+1", " 1", "1 ", "01",
    "1.5", "1,5", "٣", "²", "½", "１", "--1", "-", ".", "1.", "1e", "true",
)  # fmt: skip
CURSORS = (
    "abc", "eyJ", "e30", "e30=", "W10", "bnVsbA", "MQ", "Ii0x", "eyJhIjoxfQ", "eyJvZmZzZXQiOi0xfQ==", "WyJhIiwtMV0",
    "W251bGwsbnVsbF0", "WzEsMiwzLDQsNSw2LDcsOCw5XQ", "____", "====", "W1tbW1tbXV1dXV1d", "WzFlOTk5XQ", "gICA", "a" * 3000,
)  # fmt: skip
TEXTS = (
    "", " ", "\t\n", "a" * 500, "a" * 501, "a" * 40_000, " ".join(map(str, range(2000))), "the " * 2000, "'", '"', "\\", "%", "%%", "_", "*", "?", ";", "--", "/*",
    "' OR 1=1 --", '") OR ("', "NEAR(a b)", "a AND", "NOT", "OR OR", "^a", "a*", "{a}", "label:a", "(((", "a:b:c", "-a",
    ",", ",,", "a,,b", "," * 200, "a," * 101, "-", "--label", "label,label", "-slug,slug", "film/", "/film", "film/a/b",
    "movie/x", "film/the-challenge/", "FILM/THE-CHALLENGE", "film/the challenge", "null", "undefined", "None", "True",
    "TRUE", "1", "[]", "{}", "[object Object]", "<script>", "${jndi:x}", "{{7*7}}", "../../etc/passwd", "\r\nX-A: b",
    "\u202e", "\ufeff", "\u0000a", "ﬁ", "İ", "ß", "e\u0301" * 100, "👩‍🚀", "\U0010ffff", "𝕱", "zażółć", "Ω" * 400,
)  # fmt: skip
# What is no text at all: NUL, halves of surrogate pairs, overlong forms, bytes that begin or go on with nothing.
BYTES = (
    b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xed\xa0\xbd\xed\xb8\x80", b"\xc0\xaf", b"\xc0\x80",
    b"\xe0\x80\xaf", b"\xf0\x80\x80\x80", b"\xff", b"\xfe\xff", b"\x80", b"\xc3", b"\xf4\x90\x80\x80", b"\xe2\x82",
    b"\x1b[31m", b"\x7f", b"\x85",
)  # fmt: skip
# Percent-encodings that are none, and what else may stand in a URL as it is.
RAW = ("%", "%z", "%zz", "%0", "%u0041", "%25%30%30", "+", "&", "&&", "=", "==", "a=b=c", ";", "%3D", "%26", "[0]", "~")
NAMES = ("", "wibble", "q[]", "limit[0]", "__proto__", "$where", "a.b", "Limit", "LIMIT", "limit ", "é", "x" * 3000)
METHODS = ("PUT", "PATCH", "DELETE", "POST", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "QUERY", "WIBBLE", "GET")
HEADERS: Mapping[str, Sequence[bytes]] = {
    "Accept": (
        b"", b"*", b"*/*", b"text/html", b"image/png", b"application/json;q=0", b"a/b;q=x", b"/", b"a", b",,,", b";;;",
        b"application/*", b"text/csv, */*;q=0.1", b"*/json", b"application/json;q=9e9", b"a/b," * 1500, b"\xff\xfe",
        b"application/ld+json", b"text/markdown", b"application/atom+xml", b"application/x-ndjson;q=nan",
    ),
    "Accept-Encoding": (
        b"", b"*", b"gzip", b"br", b"zstd", b"identity;q=0", b"*;q=0", b"gzip;q=x", b"deflate, compress", b",", b"\xff",
        b"gzip;q=1;q=0", b"br;q=0, gzip;q=0, zstd;q=0, *;q=0",
    ),
    "If-None-Match": (b"", b"*", b'"', b'"x"', b"W/", b'W/"x"', b"x", b"*, *", b'"a"b"', b",", b"\xff", b'"x",' * 1000),
    "If-Modified-Since": (b"", b"yesterday", b"0", b"Thu, 01 Jan 1970 00:00:00 GMT", b"Sat, 31 Dec 9999 23:59:60 GMT"),
    "If-Unmodified-Since": (b"yesterday", b"Thu, 01 Jan 1970 00:00:00 +%d" % 10**30), "If-Match": (b"*", b'"x"'), "If-Range": (b'"x"',),
    "Range": (b"bytes=0-", b"bytes=-1", b"bytes=5-1", b"lines=1-2", b"bytes=0-99999999999999999999"),
    "Content-Type": (b"", b"application/json", b"text/plain", b"application/x-www-form-urlencoded", b"\xff", b"a"),
    "Origin": (b"", b"null", b"https://example.org", b"\xff", b"javascript:alert(1)"),
    "Host": (b"", b"example.org", b"[::1]", b"a:b:c", b"a b", b"\xff", b"example.org:99999", b"x" * 300, b"a/b", b"@"),
    "X-Request-Id": (b"", b"a", b"x" * 65, b"\xff", b"<b>", b"a b"),
    "X-Forwarded-For": (b"", b"1.2.3.4", b"x", b"1.2.3.4, ::1, x"), "X-Forwarded-Proto": (b"https", b"ftp", b""),
    "X-Forwarded-Host": (b"example.org", b"a b", b"\xff", b""), "Forwarded": (b"for=x;proto=https", b";;", b'"'),
    "Cookie": (b"a=b", b"=", b"\xff", b";" * 100), "Authorization": (b"", b"Basic !", b"Bearer x"),
    "Upgrade": (b"websocket", b"h2c"), "Expect": (b"wibble",), "Te": (b"trailers",), "Access-Control-Request-Method": (b"GET", b"", b"\xff"),
}  # fmt: skip
VALUES: Sequence[Any] = (
    None, True, False, 0, -1, 1.5, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, "", " ", "x", "a" * 70_000, [], {}, [[]],
    [None], {"": None}, {"a": {"b": {}}}, ["film/the-challenge"], {"kind": "film"}, {"kind": "film", "slug": "\u0000"},
    {"kind": [], "slug": {}}, {"amount": "x", "unit": 1}, {"amount": 10**400, "unit": "day"}, "\u0000", "\ud800", "film/",
    "2021-02-30", "2022/2021",
)  # fmt: skip
BODIES = (
    b"", b" ", b"{", b"}", b"[]", b"null", b"true", b"1", b'"x"', b"{}", b"not json", b"{'a': 1}", b'{"a": NaN}', b"[" * 20_000,
    b'{"a":' * 20_000, b'{"subject": 1e999}', b'{"subject": "\\ud800"}', b'{"\\ud800": 1}', b'{"subject": "\\u0000"}', b"\xff",
    b'\xef\xbb\xbf{"a": 1}', '{"subject": "é"}'.encode("latin-1"), '{"a": 1}'.encode("utf-16"), b'{"a": 1, "a": 2}', b'{"a": 1}x',
    b'{"a": 1}' * 2, b"a=b&c=d", b"<a/>", b"\x00", b'{"a": ' + b"9" * 5000 + b"}", b" " * 70_000, b'{"a": "' + b"x" * 70_000 + b'"}',
)  # fmt: skip


@dataclass
class Sent:
    """One request, as bytes, and the names in it that a problem may speak of."""

    method: str
    path: bytes
    query: list[tuple[bytes, bytes]]
    headers: dict[str, bytes] = field(default_factory=dict)
    body: bytes | None = None
    in_path: tuple[str, ...] = ()

    @property
    def target(self) -> bytes:
        """The path with the query, with nothing in it that would end the line."""
        query = b"&".join(name + b"=" + value for name, value in self.query)
        return self.path + (b"?" + query if self.query else b"")

    def raw(self, host: str) -> bytes:
        """The whole request."""
        headers = {"Host": host.encode(), **self.headers}
        if self.body is not None:
            headers |= {"Content-Length": str(len(self.body)).encode()}
        lines = [f"{self.method} ".encode() + self.target + b" HTTP/1.1"]
        lines += [f"{name}: ".encode() + value for name, value in headers.items()]
        return b"\r\n".join([*lines, b"", self.body or b""])

    def names(self) -> set[str]:
        """The parameters of the query, as a server reads them."""
        text = self.target.partition(b"?")[2].decode("latin-1")
        return {name for name, _ in parse_qsl(text, keep_blank_values=True, errors="surrogateescape")}


def requests(document: Mapping[str, Any], each: int) -> Iterator[tuple[str, Iterator[Sent]]]:
    """For every operation of the document its id and this many requests, fewer than two in ten of them sensible."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield operation["operationId"], _of(path, method.upper(), operation, each)


def _of(path: str, method: str, operation: Mapping[str, Any], each: int) -> Iterator[Sent]:
    random = Random(f"2021-10-05 {operation['operationId']}")
    kept = examples.stored(operation["operationId"])
    assert kept is not None
    call = examples.call_of(path, kept["request"])
    body = None if call.body is None else json.dumps(call.body).encode()
    sensible = Sent(
        method,
        call.url.partition("?")[0].encode(),
        [(_escaped(name.encode()), _escaped(value.encode())) for name, value in call.query],
        {"Content-Type": b"application/json"} if body else {},
        body,
        tuple(call.in_path),
    )
    ways: list[Callable[[Random, Sent], None]] = [_header, _method, _path, _name]
    known = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
    if known:
        ways += [lambda random, sent: _value(random, sent, random.choice(known))] * 12
        ways += [lambda random, sent: _reversed(random, sent, known)]
    if body:
        ways += [lambda random, sent: _body(random, sent, call.body)] * 12
    for _ in range(each):
        sent = replace(sensible, query=[*sensible.query], headers={**sensible.headers})
        if random.random() < 0.5:
            sent.query = [pair for pair in sent.query if random.random() < 0.5]
        for way in random.choices(ways, k=random.choice((1, 1, 1, 2, 3))):
            way(random, sent)
        yield sent


def _escaped(raw: bytes) -> bytes:
    return quote_from_bytes(raw, safe="/,").encode()


def _odd(random: Random, schema: Mapping[str, Any]) -> bytes:
    """A value that is wrong or strange, mostly of the kind that the schema speaks of."""
    schema = schema.get("items", schema)
    kind = random.random()
    if kind < 0.12:
        return _escaped(random.choice(BYTES))
    if kind < 0.15:
        return random.choice(BYTES)
    if kind < 0.22:
        return random.choice(RAW).encode()
    if kind < 0.6:
        if schema.get("format") in ("edtf", "date", "date-time"):
            return _escaped(random.choice(DATES).encode())
        if schema.get("type") in ("integer", "number"):
            return _escaped(random.choice(NUMBERS).encode())
        if "enum" in schema:
            value = str(random.choice(schema["enum"]))
            return _escaped(random.choice((value[:-1], value.upper(), f"{value},{value}", f" {value}", value)).encode())
    return _escaped(random.choice(random.choice((DATES, NUMBERS, CURSORS, TEXTS, TEXTS))).encode())


def _value(random: Random, sent: Sent, parameter: Mapping[str, Any]) -> None:
    name = parameter["name"].encode()
    if parameter["name"] == "cursor" and random.random() < 0.6:
        value = _escaped(random.choice(CURSORS).encode())
    else:
        value = _odd(random, parameter["schema"])
    if random.random() < 0.5:
        sent.query = [pair for pair in sent.query if pair[0] != name]
    times = random.choice((1,) * 8 + (2, 2, 2, 101))
    sent.query += [(name, value if len(value) < 50 or times == 1 else value[:1])] * times
    if random.random() < 0.1:
        sent.query.append((name, _odd(random, parameter["schema"])))


def _reversed(random: Random, sent: Sent, known: Sequence[Mapping[str, Any]]) -> None:
    """Two bounds the wrong way round, or anything else that needs two parameters."""
    one, other = random.choice(known), random.choice(known)
    pairs = [
        (a["name"], b["name"])
        for a in known
        for b in known
        if a["name"] == b["name"].replace("__gte", "__lte") != b["name"]
    ]
    low, high = random.choice(pairs) if pairs and random.random() < 0.7 else (one["name"], other["name"])
    first, second = random.choice(
        (("2020", "2030"), ("1", "2"), ("2021-10-05", "2021-10-06"), ("-1e14", "1e14"), ("905", "936"))
    )
    sent.query += [(low.encode(), first.encode()), (high.encode(), second.encode())]
    if any(parameter["name"] == "overlaps" for parameter in known):
        sent.query.append(
            (b"overlaps", random.choice((b"936,905", b"1,1", b"-1,5", b"999999999,9999999999", b"1", b"1,2,3")))
        )
    sent.query += [
        (name, value)
        for name, value in ((b"from", b"2030"), (b"to", b"2020"))
        if any(p["name"].encode() == name for p in known)
    ]


def _name(random: Random, sent: Sent) -> None:
    """A parameter that there is not, once or many times."""
    name = _escaped(random.choice(BYTES)) if random.random() < 0.3 else _escaped(random.choice(NAMES).encode())
    if sent.query and random.random() < 0.3:
        name = random.choice(sent.query)[0][:-1]
    sent.query += [(name, b"1")] * random.choice((1, 1, 1, 2))
    if random.random() < 0.05:
        sent.query += [(f"x{number}".encode(), b"") for number in range(300)]


def _path(random: Random, sent: Sent) -> None:
    """Another path: what stands for a name replaced, segments added, slashes, percent-encodings that are none."""
    *before, last = sent.path.split(b"/")
    odd = random.choice(
        (
            _escaped(random.choice(BYTES)), random.choice(BYTES), _escaped(random.choice(TEXTS[:60]).encode())[:9000], random.choice(RAW).replace("&", "a").encode(),
            last[:-1] or b"x", last.upper() or b"X", last + b"%00", last + b"%2F..", last + b"/", last + b"//", b"..", b".", b"%2e%2e%2f",
            b"x" * 300, b"x" * 9000, b"-", b"--", b"0", b"-1", b"%C3%A9", last + b"/wibble", last + b"/facts/facts", b"a" * 16, b"0" * 16,
        )
    )  # fmt: skip
    sent.path = b"/".join([*before, odd.replace(b"?", b"%3F").replace(b"#", b"%23")])
    if random.random() < 0.1:
        sent.path = random.choice((b"/" + sent.path, sent.path.replace(b"/", b"//"), sent.path.replace(b"/", b"/./")))
    if not sent.path.startswith(b"/"):
        sent.path = b"/" + sent.path


def _method(random: Random, sent: Sent) -> None:
    sent.method = random.choice(METHODS)
    if random.random() < 0.5 or sent.method == "POST":
        sent.body = random.choice(BODIES)


def _header(random: Random, sent: Sent) -> None:
    name = random.choice([*HEADERS])
    sent.headers[name] = random.choice(HEADERS[name])
    if name == "Upgrade":
        sent.headers["Connection"] = b"Upgrade"


def _body(random: Random, sent: Sent, sensible: Any) -> None:
    """Another body: none that is JSON, or the sensible one with a key more, one less, or another value in it."""
    if random.random() < 0.3:
        sent.body = random.choice(BODIES)
        return
    changed = {**sensible} if isinstance(sensible, dict) else {}
    key = random.choice([*changed, "object", "value", "qualifiers", "wibble", "", "\ud800", "a/b~c", "x" * 300])
    if key in changed and random.random() < 0.2:
        del changed[key]
    else:
        changed[key] = random.choice(VALUES)
    if random.random() < 0.2:
        changed["qualifiers"] = {random.choice(("character", "wibble", "", "\udfff")): random.choice(VALUES)}
    sent.body = json.dumps(changed).encode()
