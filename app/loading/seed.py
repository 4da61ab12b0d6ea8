"""The seed format: what a folder of `seeds/` contains, as strict models, each claim with its line."""

import hashlib
import json
import os
import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, ValidationError

from app.loading import yaml_lines
from app.loading.header import ARTICLE, CLAIMS, SeedSource, Strict, Words, described, header_lines, split_header
from app.loading.malformed import claim_name, problems_of
from app.loading.problems import Problem, RefusedError
from app.passages import PassageError, normalise
from app.vocabulary import ENTITY, SLUG, Inference, Modality, Rank

_LARGEST_FILE = 5_000_000
# What stands for something else where the slug of a source would.
_TAKEN = ("preview",)
LONGEST_SLUG = 120


class Quote(Strict):
    """Words of the article; `occurrence` counts from 1 and is needed where they stand more than once."""

    exact: str = Field(min_length=1)
    occurrence: int | None = Field(default=None, ge=1)


def _as_quotes(value: Any) -> Any:
    """A quote may be written as its words alone, and several as a list."""
    many = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [{"exact": one} if isinstance(one, str) else one for one in many]


EntityId = Annotated[str, StringConstraints(pattern=f"^{ENTITY}$", max_length=LONGEST_SLUG)]
Quotes = Annotated[tuple[Quote, ...], BeforeValidator(_as_quotes)]


class SeedEntity(Strict):
    """Who or what a file speaks of. What is noted of it besides is the curator's word, and not the article's."""

    id: EntityId
    identifiers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class SeedClaim(Strict):
    """One claim as a curator writes it."""

    subject: EntityId
    property: str
    value: str | None = None
    object: EntityId | None = None
    quote: Quotes
    modality: Modality
    inference: Inference = "none"
    introduced_by: Quotes = ()
    phrase: Words | None = None
    attributed_to: Words | None = None
    qualifiers: dict[str, Words] = Field(default_factory=dict)
    rank: Rank = "normal"

    def words(self) -> list[str]:
        """Everything that the claim quotes."""
        return [one.exact for one in (*self.quote, *self.introduced_by)]

    def entities(self) -> set[str]:
        """Every entity that the claim names, in whatever role."""
        return {one for one in (self.subject, self.object, self.qualifiers.get("character")) if one}


# A key with nothing under it, as a file has it in which there is nothing yet.
Items = Annotated[list[Any], BeforeValidator(lambda told: [] if told is None else told)]


class ClaimsFile(Strict):
    """`claims.yaml`; its entities and claims are validated one by one, so that one slip does not hide another."""

    source: SeedSource = Field(default_factory=SeedSource)
    entities: Items
    claims: Items
    status: Literal["draft", "reviewed"] | None = None
    drafted_by: str | None = None
    reviewed_by: str | None = None


_ENTITY: TypeAdapter[SeedEntity] = TypeAdapter(
    Annotated[SeedEntity, BeforeValidator(lambda told: {"id": told} if isinstance(told, str) else told)]
)
_CLAIM: TypeAdapter[SeedClaim] = TypeAdapter(SeedClaim)


@dataclass(frozen=True)
class Seed:
    """A source folder, read: the text that positions count in, and the claims with the line of each.

    The text begins in the `first_line` of the article, behind its header.
    """

    slug: str
    text: str
    source: SeedSource
    entities: tuple[str, ...]
    claims: tuple[SeedClaim, ...]
    entity_lines: tuple[int, ...]
    claim_lines: tuple[int, ...]
    claim_numbers: tuple[int, ...]
    problems: tuple[Problem, ...] = ()
    first_line: int = 1
    unreviewed: Problem | None = None
    notes: tuple[SeedEntity, ...] = ()
    written_sha256: str = ""

    @property
    def sha256(self) -> str:
        """Of the text, as stored."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def claims_sha256(self) -> str:
        """Of everything else, as it was written: a comment or a reordered key in the file makes no new version."""
        if self.written_sha256:
            return self.written_sha256
        content: list[Any] = [self.source.model_dump(), self.entities, [claim.model_dump() for claim in self.claims]]
        content += [[note.model_dump() for note in self.notes]] if self.notes else []
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def problem(self, index: int, message: str) -> Problem:
        """What is wrong with a claim."""
        claim, number = self.claims[index], self.claim_numbers[index]
        name = claim_name(number, claim.subject, claim.property)
        return Problem(CLAIMS, self.claim_lines[index], name, message, number)

    def without(self, indexes: Collection[int]) -> "Seed":
        """The seed without some of its claims, and without the entities that none of the others speaks of."""
        kept = [index for index in range(len(self.claims)) if index not in indexes]
        gone = {one for index in indexes for one in self.claims[index].entities()}
        gone -= {one for index in kept for one in self.claims[index].entities()}
        declared = [index for index, entity in enumerate(self.entities) if entity not in gone]
        return replace(
            self,
            entities=tuple(self.entities[index] for index in declared),
            notes=tuple(note for note in self.notes if note.id not in gone),
            entity_lines=tuple(self.entity_lines[index] for index in declared),
            claims=tuple(self.claims[index] for index in kept),
            claim_lines=tuple(self.claim_lines[index] for index in kept),
            claim_numbers=tuple(self.claim_numbers[index] for index in kept),
            written_sha256=self.claims_sha256,
        )


def read_folder(folder: Path) -> Seed:
    """Read and parse a source folder; its name is the source's slug. Raises RefusedError with all that is wrong."""
    slug = os.path.basename(os.path.realpath(folder))  # which `resolve` does not find of a link that leads to itself
    if not re.fullmatch(SLUG, slug) or len(slug) > LONGEST_SLUG:
        message = f"a folder's name is the source's slug: a-z, 0-9 and single hyphens, up to {LONGEST_SLUG} of them"
        raise RefusedError([Problem(str(folder), 0, "", message)])
    article, claims = _read(folder / ARTICLE), _read(folder / CLAIMS)
    problems = [one for one in (article, claims) if isinstance(one, Problem)]
    if isinstance(article, Problem) or isinstance(claims, Problem):
        raise RefusedError(problems)
    return parse(slug, article, claims)


def parse(slug: str, article: str, claims: str) -> Seed:
    """A seed from the contents of its two files. Raises RefusedError naming file and line of each problem."""
    try:
        return _parsed(slug, article, *yaml_lines.read(claims))
    except yaml_lines.LinesError as error:
        raise RefusedError([Problem(CLAIMS, error.line, "", str(error))]) from error


def parse_json(slug: str, article: str, claims: Any) -> Seed:
    """A seed from an article and the content of claims.yaml as JSON. Raises RefusedError, which names no lines."""
    try:
        return _parsed(slug, article, claims, yaml_lines.of_json(claims))
    except yaml_lines.LinesError as error:
        raise RefusedError([Problem(CLAIMS, error.line, "", str(error))]) from error


def _parsed(slug: str, article: str, data: Any, line_of: dict[yaml_lines.Path, int]) -> Seed:
    if slug in _TAKEN:
        raise RefusedError([Problem(ARTICLE, 0, "", f"'{slug}' is an address of the API; call the source otherwise")])
    try:
        file = ClaimsFile.model_validate(data)
    except ValidationError as error:
        raise RefusedError(problems_of(error, ClaimsFile.model_fields, (), data, line_of)) from error
    text, header = split_header(article)
    problems: list[Problem] = []
    if file.claims and not text.strip():
        problems.append(Problem(ARTICLE, 1, "", "there is no text in it; expected the article"))
    entities: dict[int, SeedEntity] = _each("entities", _ENTITY, file.entities, data, line_of, problems)
    entities = _with_ids(entities, file.entities)
    ready: dict[int, SeedClaim] = _each("claims", _CLAIM, file.claims, data, line_of, problems)
    return Seed(
        slug=slug,
        text=text,
        source=described(header, file.source, line_of | header_lines(article, problems), problems),
        entities=tuple(one.id for one in entities.values()),
        claims=tuple(ready.values()),
        entity_lines=tuple(line_of["entities", index] for index in entities),
        claim_lines=tuple(line_of["claims", index] for index in ready),
        claim_numbers=tuple(index + 1 for index in ready),
        problems=tuple(problems),
        first_line=article[: len(article) - len(text)].count("\n") + 1,
        unreviewed=_unreviewed(file, line_of),
        notes=tuple(one for one in entities.values() if one.identifiers or one.aliases),
    )


def _unreviewed(file: ClaimsFile, line_of: dict[yaml_lines.Path, int]) -> Problem | None:
    """What keeps a file from being loaded that a program has drafted: that nobody says to have read it."""
    if file.status == "draft":
        message = (
            f"this is a draft{f' by {file.drafted_by}' if file.drafted_by else ''}, which nobody has reviewed; read it "
            "beside the article, then write status: reviewed, and your name as reviewed_by"
        )
        return Problem(CLAIMS, line_of["status",], "", message)
    if (file.status or file.drafted_by) and not (file.status and file.reviewed_by):
        line = line_of.get(("status",), 1)
        return Problem(CLAIMS, line, "", "a reviewed draft needs status: reviewed, and reviewed_by: who has read it")
    return None


def _each(
    key: str,
    form: TypeAdapter[Any],
    items: list[Any],
    data: Any,
    line_of: dict[yaml_lines.Path, int],
    problems: list[Problem],
) -> dict[int, Any]:
    """Those items of a list that are well formed, by index; what is wrong with the others is added to `problems`."""
    found = {}
    for index, item in enumerate(items):
        try:
            found[index] = form.validate_python(item)
        except ValidationError as error:
            keys = (SeedClaim if key == "claims" else SeedEntity).model_fields
            problems += problems_of(error, keys, (key, index), data, line_of)
    return found


def _with_ids(entities: dict[int, SeedEntity], items: list[Any]) -> dict[int, SeedEntity]:
    """Those entities too of which only the notes are wrong, so that nothing else is wrong with what is said of them."""
    found = entities.copy()
    for index, item in enumerate(items):
        if index not in found and isinstance(item, dict):
            with suppress(ValidationError):
                found[index] = SeedEntity(id=item.get("id", ""))
    return dict(sorted(found.items()))


def _read(path: Path) -> str | Problem:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            return Problem(path.name, 0, "", f"larger than {_LARGEST_FILE} bytes; expected an article and its claims")
        return normalise(path.read_bytes())
    except OSError as error:
        return Problem(path.name, 0, "", f"cannot be read in {path.parent} ({error.strerror})")
    except PassageError as error:
        return Problem(path.name, 0, "", str(error))
