"""The seed format: what a folder of `seeds/` contains, as strict models, each claim with its line."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from app.loading import lines
from app.loading.problems import Problem, RefusedError
from app.passages import PassageError, normalise
from app.vocabulary import KINDS, Inference, Modality, Rank

ARTICLE, CLAIMS = "article.txt", "claims.yaml"
_LARGEST_FILE = 5_000_000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SYNDICATED = re.compile(r"\s*date (?P<published>\S+) The content originally appeared on: (?P<publisher>.+)")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quote(_Strict):
    """Words of the article; `occurrence` counts from 1 and is needed where they stand more than once."""

    exact: str = Field(min_length=1)
    occurrence: int | None = Field(default=None, ge=1)


def _as_quotes(value: Any) -> Any:
    """A quote may be written as its words alone, and several as a list."""
    many = value if isinstance(value, list) else [value]
    return [{"exact": one} if isinstance(one, str) else one for one in many]


EntityId = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(KINDS)})/{_SLUG.pattern}$", max_length=120)]
Quotes = Annotated[tuple[Quote, ...], BeforeValidator(_as_quotes)]


class SeedClaim(_Strict):
    """One claim as a curator writes it."""

    subject: EntityId
    property: str
    value: str | None = None
    object: EntityId | None = None
    quote: Quotes
    modality: Modality
    inference: Inference = "none"
    introduced_by: Quotes = ()
    phrase: str | None = None
    attributed_to: str | None = None
    qualifiers: dict[str, str] = {}
    rank: Rank = "normal"


class SeedSource(_Strict):
    """What the article's own header does not say of it."""

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None


class ClaimsFile(_Strict):
    """`claims.yaml`."""

    source: SeedSource = SeedSource()
    entities: tuple[EntityId, ...]
    claims: tuple[SeedClaim, ...]


@dataclass(frozen=True)
class Seed:
    """A source folder, read: the text that positions count in, and the claims with the line of each."""

    slug: str
    text: str
    source: SeedSource
    entities: tuple[str, ...]
    claims: tuple[SeedClaim, ...]
    entity_lines: tuple[int, ...]
    claim_lines: tuple[int, ...]

    @property
    def sha256(self) -> str:
        """Of the text, as stored."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def claims_sha256(self) -> str:
        """Of everything else: a comment or a reordered key in the file makes no new version."""
        content = [self.source.model_dump(), self.entities, [claim.model_dump() for claim in self.claims]]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_folder(folder: Path) -> Seed:
    """Read and parse a source folder; its name is the source's slug. Raises RefusedError with all that is wrong."""
    slug = folder.resolve().name
    if not _SLUG.fullmatch(slug):
        raise RefusedError(
            [Problem(str(folder), 0, "", "a folder's name is the source's slug: a-z, 0-9 and single hyphens")]
        )
    article, claims = _read(folder / ARTICLE), _read(folder / CLAIMS)
    problems = [one for one in (article, claims) if isinstance(one, Problem)]
    if isinstance(article, Problem) or isinstance(claims, Problem):
        raise RefusedError(problems)
    return parse(slug, article, claims)


def parse(slug: str, article: str, claims: str) -> Seed:
    """A seed from the contents of its two files. Raises RefusedError naming file and line of each problem."""
    try:
        data, line_of = lines.read(claims)
    except lines.LinesError as error:
        raise RefusedError([Problem(CLAIMS, error.line, "", str(error))]) from error
    try:
        file = ClaimsFile.model_validate(data)
    except ValidationError as error:
        raise RefusedError([_problem(detail, data, line_of) for detail in error.errors(include_url=False)]) from error
    text, header = split_header(article)
    return Seed(
        slug=slug,
        text=text,
        source=_described(header, file.source, line_of),
        entities=file.entities,
        claims=file.claims,
        entity_lines=tuple(line_of["entities", index] for index in range(len(file.entities))),
        claim_lines=tuple(line_of["claims", index] for index in range(len(file.claims))),
    )


def split_header(article: str) -> tuple[str, SeedSource]:
    """(text, what the article's header says of it).

    Two forms: `key: value` lines closed by a line `---`, which are not part of the text, and of which only those that
    a source has are kept; or a first line with date and publisher, as a syndicated article has it, which is part of it.
    """
    head, rule, body = article.partition("\n---\n")
    if rule and all(re.match(r"[a-z_-]+: ", line) for line in head.splitlines()):
        told = dict(line.split(": ", 1) for line in head.splitlines())
        told.setdefault("published", told.get("date", ""))
        return body, SeedSource(**{key: told.get(key) or None for key in SeedSource.model_fields})
    if match := _SYNDICATED.match(article):
        return article, SeedSource(published=match["published"], publisher=match["publisher"].strip())
    return article, SeedSource()


def claim_name(index: int, subject: Any, name: Any) -> str:
    """How problems refer to a claim: its number in the file, and what it is about."""
    return f"claim {index + 1} ({subject} {name})"


def _described(header: SeedSource, told: SeedSource, line_of: dict[lines.Path, int]) -> SeedSource:
    """Header and file together; they may complete but not contradict each other."""
    problems, found = [], {}
    for key in SeedSource.model_fields:
        own, other = getattr(header, key), getattr(told, key)
        if own and other and own != other:
            message = f"{key} is '{other}' here and '{own}' in the article's header; leave it out here"
            problems.append(Problem(CLAIMS, line_of["source", key], "", message))
        found[key] = own or other
    if problems:
        raise RefusedError(problems)
    return SeedSource(**found)


def _read(path: Path) -> str | Problem:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            return Problem(path.name, 0, "", f"larger than {_LARGEST_FILE} bytes; expected an article and its claims")
        return normalise(path.read_bytes())
    except OSError as error:
        return Problem(path.name, 0, "", f"cannot be read in {path.parent} ({error.strerror})")
    except PassageError as error:
        return Problem(path.name, 0, "", str(error))


def _problem(detail: Any, data: Any, line_of: dict[lines.Path, int]) -> Problem:
    """One of Pydantic's errors in our words, at the line of the value or of what should contain it."""
    path: tuple[Any, ...] = detail["loc"]
    found = path
    while found and found not in line_of:
        found = found[:-1]
    claim, key = "", ".".join(str(part) for part in path)
    if len(path) > 1 and path[0] == "claims":
        said = data["claims"][path[1]]
        told = said if isinstance(said, dict) else {}
        claim = claim_name(path[1], told.get("subject", "?"), told.get("property", "?"))
        key = ".".join(str(part) for part in path[2:])
    messages = {
        "missing": "is missing",
        "extra_forbidden": "is no key of the seed format",
        "string_pattern_mismatch": f"is '{detail['input']}'; expected kind/slug, such as film/the-challenge, "
        f"with a kind of {', '.join(KINDS)}",
    }
    return Problem(
        CLAIMS, line_of.get(found, 1), claim, f"{key or 'the file'} {messages.get(detail['type'], detail['msg'])}"
    )
