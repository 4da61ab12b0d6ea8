"""Whom and what the words of a sentence stand for: names, short forms, "the film" and "she". Judges a parse."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.drafting import Article
from app.drafting.dated import Told
from app.drafting.model import Line
from app.drafting.names import Mention
from app.loading.fitting import kind_of
from app.passages import fold

if TYPE_CHECKING:
    from spacy.tokens import Token

_DEFINITE = frozenset({"the", "this", "that", "its", "their", "his", "her"})
_PEOPLE = frozenset({"he", "she", "him"})
_FILM_WORDS = frozenset({"film", "movie", "documentary", "feature", "picture"})
# So many mentions before a word it may stand for; of so few films, in so few sentences, one is the article's own.
_LOOKED_BACK, _FEW = 60, 2


@dataclass(frozen=True, slots=True)
class Reference:
    """An entity that a word stands for; one that is not named in full there was named by the words of `introduced`."""

    entity: str
    start: int
    end: int
    introduced: Mention | None = None


class References:
    """What the words of an article stand for, line by line in its order."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._mentions = article.mentions
        self._starts = [one.start for one in self._mentions]
        self._first: dict[str, Mention] = {}
        for one in self._mentions:
            if not one.is_short:
                self._first.setdefault(one.entity, one)
        self._main = self._main_film()
        self._of: dict[int, Reference] = {}
        self._told: dict[int, Told] = {}

    def _main_film(self) -> str | None:
        """The film that an article is about: named in its title, more than all others, or first of two."""
        films = Counter(
            one.entity for one in self._mentions if kind_of(one.entity) == "film" and one.entity in self._first
        )
        title = fold(self._article.source.title or "")
        for entity, _ in films.most_common():
            first = self._first[entity]
            if title and fold(self._article.text[first.start : first.end]) in title:
                return entity
        for entity, count in films.most_common():
            first = self._first[entity]
            if count > 1 and 2 * count > films.total():
                return entity
            if len(films) <= _FEW and self._article.number_at(first.start) < _FEW:
                return entity
        return None

    def enter(self, line: Line) -> None:
        """Make each name and each date of the line one word of its document, whose entity type is its kind."""
        doc, end = line.doc, line.start + len(line.doc.text)
        mentions = self._mentions[bisect_left(self._starts, line.start) : bisect_left(self._starts, end)]
        first, last = self._article.number_at(line.start), self._article.number_at(max(line.start, end - 1))
        dates = [one for told in self._article.told[first : last + 1] for one in told if one.value]
        doc.set_ents([], default="outside")
        kinds: dict[int, tuple[str, Mention | Told]] = {}
        with doc.retokenize() as retokenizer:
            taken: set[int] = set()
            named: list[Mention | Told] = [*mentions, *dates]
            for one in named:
                span = doc.char_span(one.start - line.start, one.end - line.start, alignment_mode="expand")
                if span is None or taken & set(range(span.start, span.end)):
                    continue
                taken.update(range(span.start, span.end))
                kinds[span.start_char] = (self._type(one), one)
                if len(span) > 1:
                    retokenizer.merge(
                        span, attrs={"POS": "PROPN", "LEMMA": span.text} if isinstance(one, Mention) else {}
                    )
        self._know(line, kinds)

    def _know(self, line: Line, kinds: Mapping[int, tuple[str, Mention | Told]]) -> None:
        """Remember what each word of the line stands for, by where it begins, and mark it with its kind."""
        from spacy.tokens import Span

        doc, entities = line.doc, []
        self._of, self._told = {}, {}
        for token in doc:
            if token.idx not in kinds:
                continue
            kind, what = kinds[token.idx]
            entities.append(Span(doc, token.i, token.i + 1, label=kind))
            if isinstance(what, Mention):
                introduced = self._first.get(what.entity) if what.is_short else None
                self._of[token.i] = Reference(what.entity, what.start, what.end, introduced)
            else:
                self._told[token.i] = what
        entities += [Span(doc, one.i, one.i + 1, label=kind) for one in doc for kind in self._stands_for(one, line)]
        doc.set_ents(sorted(entities, key=lambda one: one.start), default="outside")

    def named_in(self, entity: str, span: tuple[int, int]) -> Mention | None:
        """Where a sentence names an entity in full, if it does."""
        for one in self._mentions[bisect_left(self._starts, span[0]) : bisect_left(self._starts, span[1])]:
            if one.entity == entity and not one.is_short:
                return one
        return None

    def of(self, token: "Token") -> Reference | None:
        """What a word stands for."""
        return self._of.get(token.i)

    def topic(self, place: int, until: int) -> Reference | None:
        """The film that the article is about, or else the one named last before the end of the sentence of a place."""
        index = bisect_left(self._starts, until)
        before = (one.entity for one in reversed(self._mentions[max(0, index - _LOOKED_BACK) : index]))
        entity = self._main or next((one for one in before if one in self._first and kind_of(one) == "film"), None)
        return Reference(entity, place, place, self._first[entity]) if entity else None

    def told(self, token: "Token") -> Told | None:
        """The date or quantity that a word is."""
        return self._told.get(token.i)

    def _type(self, one: Mention | Told) -> str:
        if isinstance(one, Mention):
            return kind_of(one.entity)
        return "quantity" if one.is_quantity else "date"

    def _stands_for(self, token: "Token", line: Line) -> list[str]:
        """The kind of what "the film" or "she" stands for: the film named last, the one person named just before."""
        if token.i in self._of or token.i in self._told:
            return []
        article = next((one for one in token.children if one.i == token.i - 1 and one.lower_ in _DEFINITE), token)
        span = line.span(article, token)
        if token.lower_ in _FILM_WORDS and any(child.lower_ in _DEFINITE for child in token.children):
            if named := self._named_beside(token):
                self._of[token.i] = named
                return ["film"]
            return self._refer(token, span, "film")
        if token.lower_ in _PEOPLE:
            return self._refer(token, span, "person")
        if token.lower_ == "it" and token.dep_ in ("nsubj", "nsubjpass"):
            return self._refer(token, span, "film")
        return []

    def _named_beside(self, token: "Token") -> Reference | None:
        """The film whose title stands right after the word: the film “Low Tide”."""
        for other in token.doc[token.i + 1 : token.i + 3]:
            if (one := self._of.get(other.i)) and one.entity.startswith("film/"):
                return one
        return None

    def _refer(self, token: "Token", span: tuple[int, int], kind: str) -> list[str]:
        if kind == "film" and self._main:
            self._of[token.i] = Reference(self._main, *span, self._first[self._main])
            return [kind]
        index = bisect_left(self._starts, span[0])
        before = [one for one in self._mentions[max(0, index - _LOOKED_BACK) : index] if kind_of(one.entity) == kind]
        number = self._article.number_at(span[0])
        if kind == "person" or token.lower_ == "it":
            before = [one for one in before if self._article.number_at(one.start) >= number - 1]
            if kind == "person" and len({one.entity for one in before}) != 1:
                return []
        if not before:
            return []
        entity = before[-1].entity
        if entity not in self._first:
            return []
        self._of[token.i] = Reference(entity, *span, self._first[entity])
        return [kind]
