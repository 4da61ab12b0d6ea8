"""The lexicon of drafting, read from `lexicon/`: what tells kinds, modalities and relations. Data, made strict here."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from app.vocabulary import Inference, Kind, Modality

_FOLDER = files("app.drafting") / "lexicon"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KindCues(_Strict):
    """What speaks for a kind: the model's labels, nouns beside a name, words and forms of the name itself."""

    labels: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    forms: tuple[str, ...] = ()


class Cue(_Strict):
    """What makes what is said below it, in the grammar of the sentence, a plan, a hope, a denial or a report."""

    modality: Modality
    lemmas: frozenset[str] = frozenset()
    auxiliaries: frozenset[str] = frozenset()
    modals: frozenset[str] = frozenset()
    due: frozenset[str] = frozenset()


class Example(_Strict):
    """A sentence with the names in it, and all that the rule makes of it: subject, property, value or object, sense."""

    text: str
    names: dict[Kind, tuple[str, ...]]
    says: tuple[tuple[str, str, str, Modality], ...]


class EventMade(_Strict):
    """The event that a rule makes of a verb: what sort it is, its label, and what it has to do with the subject."""

    event_type: str
    label: str
    subject: Literal["about", "participant"]
    object: Literal["about", "participant", "location", "destination"] = "about"


class Rule(_Strict):
    """How words of a sentence say one thing.

    `dependencies` are patterns of spaCy's DependencyMatcher, `words` of its Matcher, in which `ROLE` says what a word
    is. Words of the roles `subject`, `object`, `value` and `date` make the claim, `trigger` is what its sense is judged
    by. A subject that the pattern does not have is the nearest of its kinds, with `topic` else the film that was named
    last. `value` says what of the word is the value: the `word` with what it is composed of, the whole `phrase`, `many`
    words that the pattern has, a `date`, a `quantity`, or after = a text. `modality` overrules the sentence's.
    """

    rule: str
    property: str = "date"
    subject: tuple[Kind, ...]
    object: tuple[Kind, ...] = ()
    value: str | None = None
    event: EventMade | None = None
    dependencies: tuple[list[dict[str, Any]], ...] = ()
    words: tuple[list[dict[str, Any]], ...] = ()
    inference: Inference = "none"
    modality: Modality | None = None
    topic: bool = False
    example: Example


_KINDS: TypeAdapter[dict[Kind | Literal["none"], KindCues]] = TypeAdapter(dict[Kind | Literal["none"], KindCues])
_CUES: TypeAdapter[tuple[Cue, ...]] = TypeAdapter(tuple[Cue, ...])
_RULES: TypeAdapter[tuple[Rule, ...]] = TypeAdapter(tuple[Rule, ...])


@cache
def kind_cues() -> Mapping[Kind, KindCues]:
    """What tells the kinds of names."""
    told = _KINDS.validate_python(_read("kinds.yaml"))
    return {kind: cues for kind, cues in told.items() if kind != "none"}


@cache
def no_names() -> frozenset[str]:
    """Words with a capital that are no names."""
    return _KINDS.validate_python(_read("kinds.yaml"))["none"].last


@cache
def cues() -> tuple[Cue, ...]:
    """What tells modalities, the strongest first."""
    return _CUES.validate_python(_read("modality.yaml"))


@cache
def rules() -> tuple[Rule, ...]:
    """The rules for relations, of all files but those of kinds and modalities."""
    names = sorted(one.name for one in _FOLDER.iterdir() if one.name.endswith(".yaml"))
    return tuple(
        rule
        for name in names
        if name not in ("kinds.yaml", "modality.yaml")
        for rule in _RULES.validate_python(_read(name))
    )


class _Loader(yaml.SafeLoader):
    """All scalars are texts but true and false: `on` is a word here, and 2019 no number."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def _read(name: str) -> Any:
    return yaml.load((_FOLDER / name).read_text(encoding="utf-8"), _Loader)
