"""What a language model replied, item by item, as proposals. Nothing in it is believed: it is read as data. Pure."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from app.drafting import Article
from app.drafting.names import Mention, places_of
from app.drafting.newcomers import entity_named
from app.drafting.proposals import Proposal
from app.loading.seed import SeedClaim
from app.passages import occurrences
from app.vocabulary import Inference, Kind, Modality
from app.words import whole

_MOST_ITEMS, _MOST_ORPHANED, _LONGEST_SHOWN = 2_000, 50, 200


class _Named(BaseModel):
    model_config = ConfigDict(strict=True)

    kind: Kind
    name: str


class _Item(BaseModel):
    """One item of a reply; keys that nobody asked for are passed over."""

    model_config = ConfigDict(strict=True)

    subject: _Named
    property: str
    value: str | None = None
    object: _Named | None = None
    quote: str
    modality: Modality
    attributed_to: str | None = None
    inference: Inference | None = None
    introduced_by: str | None = None
    phrase: str | None = None
    character: _Named | None = None


class Reply:
    """Turns the replies of a model into proposals of an article, and whom they name into entities of it."""

    def __init__(self, article: Article, by: str) -> None:
        self._article, self._by, self._count, self._orphaned = article, by, 0, 0
        self._known = {
            (one.entity.partition("/")[0], whole(article.text[one.start : one.end])): one.entity
            for one in article.mentions
        }

    def add(self, items: Sequence[Any] | None) -> None:
        """Add what one reply proposes. What is no proposal is told beside the rejected ones."""
        if items is None:
            self._refuse("a reply of it", "is no list of claims")
            return
        for item in items:
            self._count += 1
            if self._count > _MOST_ITEMS:
                self._refuse("what it says more", f"is beyond {_MOST_ITEMS} claims")
                return
            try:
                if b"\\u0000" in json.dumps(item, ensure_ascii=False).encode():
                    self._refuse("a claim of it", "has NUL in it")
                    continue
                self._propose(_Item.model_validate(item))
            except UnicodeEncodeError:
                self._refuse("a claim of it", "has half a character in it")
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                where = ".".join(str(part) for part in first["loc"]) or "it"
                self._refuse(json.dumps(item, ensure_ascii=False, default=str), f"{where}: {first['msg']}")

    def _refuse(self, what: str, why: str) -> None:
        self._article.refused.append(f"{self._by}: {what[:_LONGEST_SHOWN]}: {why}")

    def _propose(self, item: _Item) -> None:
        """One item as a claim. Raises ValidationError where it does not have the form of one."""
        places = occurrences(self._article.text, item.quote)
        self._orphaned += not places
        if self._orphaned > _MOST_ORPHANED:
            # The gate looks for what comes nearest, which takes its time.
            self._refuse(item.quote, "is not in the text")
            return
        at = places[0] if places else len(self._article.text)
        played = self._entity(item.character, at, item) if item.character else None
        claim = SeedClaim.model_validate(
            {
                "subject": self._entity(item.subject, at, item),
                "property": item.property,
                "value": item.value,
                "object": self._entity(item.object, at, item) if item.object else None,
                "qualifiers": {"character": played} if played else {},
                "quote": {"exact": item.quote, "occurrence": 1} if len(places) > 1 else item.quote,
                "modality": item.modality,
                "attributed_to": item.attributed_to,
                "inference": item.inference or "none",
                "introduced_by": item.introduced_by or (),
                "phrase": item.phrase,
            }
        )
        self._article.proposals.append(Proposal(claim, self._by, at))

    def _entity(self, named: _Named, at: int, item: _Item) -> str:
        """The entity of that name, known or new. A name that is not in the text is a label, of the words quoted."""
        key = named.kind, whole(named.name)
        if key in self._known:
            return self._known[key]
        article = self._article
        entity = entity_named(named.kind, named.name, {*article.held.names, *article.new})
        self._known[key] = entity
        article.new[entity] = named.name
        places = list(places_of(article.text, named.name)) if named.name.strip() else []
        if places:
            article.named += [Mention(start, end, entity) for start, end in places]
            article.named.sort(key=lambda one: one.start)
        elif named.name.strip():
            label = {"subject": entity, "property": "label", "value": named.name, "quote": item.quote}
            claim = SeedClaim.model_validate(label | {"modality": "asserted", "inference": "implied"})
            article.proposals.append(Proposal(claim, self._by, at))
        return entity
