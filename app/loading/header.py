"""What is known of an article itself: from its header, and from what its claims file says beside that. Pure."""

import re
from datetime import date
from difflib import get_close_matches
from itertools import takewhile
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from app import edtf
from app.loading import yaml_lines
from app.loading.problems import Problem
from app.values import is_line

ARTICLE, CLAIMS = "article.txt", "claims.yaml"
# What a source's web address and language look like (BCP 47, in its usual short form).
_SOURCE_FORMS = {
    "url": (r"https?://\S+", "a web address, such as https://example.org/news"),
    "language": (r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", "a language tag, such as en or pt-BR"),
}
# A key may stand there without its value, and editors take away the blank behind it.
_HEADED = re.compile(r"([a-z_-]+):(?: (.*)|)")
_SYNDICATED = re.compile(r"\s*date (?P<published>\S+) The content originally appeared on: (?P<publisher>.+)")

# Words whose ends mean nothing: who is named with a blank behind is nobody else.
Words = Annotated[str, StringConstraints(strip_whitespace=True)]


class Strict(BaseModel):
    """Takes no keys but its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class SeedSource(Strict):
    """What is told of a source beside its text, by the header of its article or by `claims.yaml`."""

    title: Words | None = None
    publisher: Words | None = None
    published: Words | None = None
    url: Words | None = None
    language: Words | None = None

    @property
    def day(self) -> date | None:
        """The day on which it was published; None where that is not known to the day, or none is near it to be told."""
        if not self.published or not edtf.is_valid(self.published):
            return None
        told = edtf.parse(self.published)
        is_near = told.earliest and date.min.year < told.earliest.year < date.max.year
        return told.earliest if told.precision == "day" and is_near else None


def split_header(article: str) -> tuple[str, SeedSource]:
    """(text, what the article's header says of it).

    Two forms: `key: value` lines closed by a line `---`, and opened by one or not, which are not part of the text, and
    of which only those that a source has are kept; or a first line with date and publisher, as a syndicated article
    has it, which is part of it.
    """
    head, rule, body = article.removeprefix("---\n").partition("\n---\n")
    lines = [_HEADED.fullmatch(line) for line in head.splitlines() if line.strip()]
    if rule and None not in lines:
        told = {line[1]: line[2] for line in lines if line}
        told["published"] = told.get("published") or told.get("date")
        return body, SeedSource(**{key: told.get(key) or None for key in SeedSource.model_fields})
    if match := _SYNDICATED.match(article):
        return article, SeedSource(published=match["published"], publisher=match["publisher"].strip())
    return article, SeedSource()


def header_lines(article: str, problems: list[Problem]) -> dict[yaml_lines.Path, int]:
    """The line of each key of the header, as `described` takes it; what was hardly meant so is added to `problems`."""
    found: dict[yaml_lines.Path, int] = {}
    if split_header(article)[0] == article:
        first = _HEADED.fullmatch(article.removeprefix("---\n").partition("\n")[0])
        if first and first[1] in (*SeedSource.model_fields, "date"):
            message = f"it begins with '{first[1]}:' as a header does, but no line '---' ends that; expected one"
            problems.append(Problem(ARTICLE, 1, "", message))
        return found
    lines = enumerate(article.split("\n"), 1)
    told = takewhile(lambda one: one[0] == 1 or one[1] != "---", lines)
    for number, match in ((number, _HEADED.fullmatch(line)) for number, line in told):
        if not match or not match[2]:
            continue
        key = "published" if match[1] == "date" else match[1]
        if ("header", key) in found:
            message = f"{match[1]} says again what line {found['header', key]} says; expected it once"
            problems.append(Problem(ARTICLE, number, "", message))
        elif key not in SeedSource.model_fields and (near := get_close_matches(key, SeedSource.model_fields, 1, 0.8)):
            message = f"{key} is no key of a source; did you mean {near[0]}?"
            problems.append(Problem(ARTICLE, number, "", message))
        found["header", key] = number
    return found


def described(
    header: SeedSource, told: SeedSource, line_of: dict[yaml_lines.Path, int], problems: list[Problem]
) -> SeedSource:
    """Header and file together; they may complete but not contradict each other, and must be what they say they are."""
    found: dict[str, str | None] = {}
    for key in SeedSource.model_fields:
        in_header, in_file = getattr(header, key), getattr(told, key)
        value = in_header or in_file or None
        wrong: list[Problem] = []
        if in_header and in_file and in_header != in_file:
            message = f"{key} is '{in_file}' here and '{in_header}' in the article's header; leave it out here"
            wrong.append(Problem(CLAIMS, line_of["source", key], "", message))
        if value and (message := _malformed(key, value)):
            file, part = (ARTICLE, "header") if in_header else (CLAIMS, "source")
            wrong.append(Problem(file, line_of.get((part, key), 1), "", message))
        problems += wrong
        found[key] = None if wrong else value  # whoever looks at what is refused sees nothing of it
    return SeedSource(**found)


def _malformed(key: str, value: str) -> str:
    """What is wrong with this value by itself; "" for a good one."""
    if not is_line(value):
        return f"{key} is {value!a}; expected one line of text"
    if key == "published" and not edtf.is_valid(value):
        return f"published is '{value}'; expected an EDTF date, such as 2023-03-08"
    pattern, expected = _SOURCE_FORMS.get(key, (".*", ""))
    return "" if re.fullmatch(pattern, value) else f"{key} is '{value}'; expected {expected}"
