"""A source as it is sent: an article and its claims, read as a folder of `seeds/` is."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.documents.evidence import Sent
from app.http.problems import ProblemDetail, body_detail, ended, invalid
from app.loading.header import ARTICLE
from app.loading.problems import RefusedError
from app.loading.seed import LONGEST_SLUG, Seed, parse, parse_json
from app.passages import PassageError, normalise
from app.vocabulary import SLUG

LARGEST = 256 * 1024
_MOST_CLAIMS, _MOST_NAMED = 1000, 20
_FILE = {
    "type": "object",
    "description": "The content of claims.yaml as JSON.",
    "properties": {
        "source": {"type": "object", "description": "What the article's header does not say of it."},
        "entities": {"type": ["array", "null"], "description": "Who and what is spoken of, as kind/slug.", "items": {}},
        "claims": {
            "type": ["array", "null"],
            "description": "The claims, if there are any.",
            "items": {},
            "maxItems": _MOST_CLAIMS,
        },
    },
    "required": ["entities", "claims"],
    "additionalProperties": False,
}
_YAML = {"type": "string", "description": "The content of claims.yaml as it is."}


def slug_up_to(longest: int) -> tuple[Any, ...]:
    """What makes a text of a body a slug of at most so many characters."""

    def checked(slug: str) -> str:
        if len(slug) > longest or not re.fullmatch(SLUG, slug):
            text = f"is no slug; expected a-z, 0-9 and single hyphens, at most {longest} characters"
            raise PydanticCustomError("slug", "{text}", {"text": text})
        return slug

    schema = {"type": "string", "pattern": f"^{SLUG}$", "maxLength": longest}
    return AfterValidator(checked), WithJsonSchema(schema)


Slug = Annotated[str, *slug_up_to(LONGEST_SLUG)]


class SourceRequest(Sent):
    """A source as a folder of `seeds/` has it."""

    model_config = ConfigDict(strict=True)

    slug: Slug = Field(description="The slug of the source: the name of its folder.")
    article: str = Field(description="Its text, as article.txt has it, with its header.")
    claims: Annotated[Any, WithJsonSchema({"anyOf": [_YAML, _FILE]})] = Field(
        description="Its claims: the text of claims.yaml, or the same as JSON."
    )
    drop_orphaned: bool = Field(
        default=False, description="Whether to leave out the claims whose words a corrected text no longer has."
    )


def seed_of(body: SourceRequest) -> Seed:
    """The source that was sent. Raises 422 where its files cannot be read as such."""
    try:
        article = normalise(_bytes(body.article))
    except PassageError as error:
        raise invalid([body_detail("/article", "invalid_value", f"/article: {error}.")]) from error
    try:
        seed = _read(body.slug, article, body.claims)
    except PassageError as error:
        raise invalid([body_detail("/claims", "invalid_value", f"/claims: {error}.")]) from error
    except RefusedError as error:
        raise invalid(details([str(one) for one in error.problems])) from error
    if max(len(seed.claims) + len(seed.problems), len(seed.entities)) > _MOST_CLAIMS:
        text = f"more than {_MOST_CLAIMS} claims or entities; `filmspace load` takes any number"
        raise invalid(details([text]))
    return seed


def _read(slug: str, article: str, claims: Any) -> Seed:
    if isinstance(claims, str):
        return parse(slug, article, normalise(_bytes(claims)))
    return parse_json(slug, article, claims)


def _bytes(text: str) -> bytes:
    """A text as UTF-8; halves of surrogate pairs, which JSON can carry, as bytes that are none."""
    return text.encode("utf-8", "surrogatepass")


def details(problems: Sequence[str], most: int = _MOST_NAMED) -> list[ProblemDetail]:
    """Problems of the files, each in its own words, and at the one that it begins with; of very many the first."""
    told = [("/article" if one.startswith(ARTICLE) else "/claims", one) for one in problems[:most]]
    return [body_detail(pointer, "invalid_value", ended(f"{pointer}: {one}")) for pointer, one in told]
