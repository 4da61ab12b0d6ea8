"""What the sentences of a text say of the names in it, by the rules of the lexicon: proposals, no more."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.drafting import Article
from app.drafting.claiming import Match
from app.drafting.model import Line
from app.drafting.proposals import Proposal
from app.drafting.references import References
from app.drafting.rules import Rule, kind_cues, rules

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


class Relations:
    """The rules of the lexicon, ready to be asked of one text after another."""

    def __init__(self, model: "Language") -> None:
        from spacy.matcher import DependencyMatcher, Matcher

        self._of: dict[str, tuple[Rule, list[str | None]]] = {}
        self._trees, self._words = DependencyMatcher(model.vocab), Matcher(model.vocab)
        for rule in rules():
            for number, tree in enumerate(rule.dependencies):
                key = f"{rule.rule} tree {number}"
                self._of[key] = rule, [node["RIGHT_ID"] for node in tree]
                self._trees.add(key, [[_node(node) for node in tree]])
            for number, words in enumerate(rule.words):
                key = f"{rule.rule} words {number}"
                self._of[key] = rule, [word.get("ROLE") for word in words]
                self._words.add(key, [[_word(word) for word in words]], greedy="LONGEST")

    def find(self, article: Article, lines: Sequence[Line]) -> list[Proposal]:
        """What the lines of an article say; in each line's document a name becomes one word."""
        references = References(article)
        found: list[Proposal] = []
        for line in lines:
            references.enter(line)
            for match in _nearest(self._matches(line, article, references)):
                found += match.proposals()
        return found

    def _matches(self, line: Line, article: Article, references: References) -> Iterator[Match]:
        doc: Doc = line.doc
        for key, places in self._trees(doc):
            rule, names = self._of[doc.vocab.strings[key]]
            roles = {name: [doc[place]] for name, place in zip(names, places, strict=True) if name}
            yield Match(article, line, references, rule, roles)
        aligned: Any = self._words(doc, with_alignments=True)
        for key, start, end, alignment in aligned:
            rule, names = self._of[doc.vocab.strings[key]]
            roles = {}
            for token, index in zip(doc[start:end], alignment, strict=True):
                if name := names[index]:
                    roles.setdefault(name, []).append(token)
            yield Match(article, line, references, rule, roles)


def _nearest(matches: Iterable[Match]) -> Iterator[Match]:
    """Of several dates for one event the nearest to the word that tells of it."""
    events: dict[tuple[str, int], Match] = {}
    for match in matches:
        if match.rule.event is None:
            yield match
            continue
        key = match.rule.rule, match.roles["trigger"][0].i
        if key not in events or _distance(match) < _distance(events[key]):
            events[key] = match
    yield from events.values()


def _distance(match: Match) -> int:
    return abs(match.roles["date"][0].i - match.roles["trigger"][0].i)


def _node(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "RIGHT_ATTRS": _word(node["RIGHT_ATTRS"])}


def _word(word: dict[str, Any]) -> dict[str, Any]:
    """A word of a pattern as spaCy has it: without its role, and with the nouns of a kind written out."""
    told = {key: value for key, value in word.items() if key not in ("ROLE", "HEADS")}
    if "HEADS" in word:
        told["LOWER"] = {"IN": sorted(kind_cues()[word["HEADS"]].heads)}
    return told
