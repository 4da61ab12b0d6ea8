"""From a rule that matches to the claims that it proposes: whom they are about, in what sense, in which words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.drafting import Article
from app.drafting.dated import Told, told_in
from app.drafting.grammar import above, is_composed, is_unnamed, listed, phrase
from app.drafting.modality import modality_of
from app.drafting.model import Line
from app.drafting.names import Mention, slug_of
from app.drafting.proposals import Proposal, closed, quote_of
from app.drafting.references import Reference, References
from app.drafting.rules import Rule
from app.loading.seed import Quote, SeedClaim
from app.vocabulary import Inference, Modality

if TYPE_CHECKING:
    from spacy.tokens import Token

_LONGEST_PHRASE = 100
# "co" and "-" of a co-director are none.
_SOME_WORD = re.compile(r"[^\W\d_]{3}")
_LEADING = re.compile(r"^(?:(?:an?|the|its|their|his|her) )+")


@dataclass(frozen=True)
class Match:
    """A rule, and the words of a line that have its roles."""

    article: Article
    line: Line
    references: References
    rule: Rule
    roles: Mapping[str, "Sequence[Token]"]

    def proposals(self) -> Iterator[Proposal]:
        """The claims that the rule makes of these words; none where it cannot tell whom they are about."""
        trigger = (self.roles.get("trigger") or next(iter(self.roles.values())))[0]
        modality, speaker = (self.rule.modality, None) if self.rule.modality else modality_of(trigger)
        claims = _Claims(self, modality, speaker)
        subjects = self.all_of("subject", self.rule.subject)
        if "subject" not in self.roles:
            subjects = self._nearest(trigger) or (self._topic(trigger) if self.rule.topic else [])
        if self.rule.event and subjects:
            yield from claims.event(subjects)
            return
        for subject in subjects:
            if self.rule.object:
                objects = [one for one in self.all_of("object", self.rule.object) if one.entity != subject.entity]
                for one in objects:
                    yield from claims.relation(subject, one, self.all_of("character", ("character",)))
            else:
                yield from claims.values(subject)

    def all_of(self, role: str, kinds: Sequence[str]) -> list[Reference]:
        """What the words of a role stand for, and what is listed with them; a subject is listed only for an event."""
        is_listed = role != "subject" or self.rule.event is not None
        tokens = [other for token in self.roles.get(role, ()) for other in (listed(token) if is_listed else [token])]
        found = [one for token in tokens if token.ent_type_ in kinds and (one := self.references.of(token))]
        return list({one.entity: one for one in reversed(found)}.values())[::-1]

    def _nearest(self, trigger: "Token") -> list[Reference]:
        """The subject where the pattern has none: what the trigger belongs to, or else the nearest before it."""
        kinds = self.rule.subject
        if trigger.ent_type_ in kinds:
            return self._as_list(trigger)
        for token in above(trigger):
            if token.i != trigger.i and token.ent_type_ in kinds:
                return self._as_list(token)
            spoken = [child for child in token.children if child.dep_ in ("nsubj", "nsubjpass", "appos")]
            for child in [*spoken, *(other for one in spoken for other in one.children if other.dep_ == "appos")]:
                if child.ent_type_ in kinds and child.i != trigger.i:
                    return self._as_list(child)
            if any(child.dep_ != "appos" and child.pos_ != "PRON" for child in spoken):
                return []
            if token.i != trigger.i and is_unnamed(token, kinds):
                return []
        before = [token for token in trigger.sent if token.i < trigger.i and token.ent_type_ in kinds]
        if not before and trigger.i - trigger.sent.start <= 1:
            # What begins with a participle is said of what follows: Produced by X, the film is short.
            before = [token for token in trigger.sent if token.ent_type_ in kinds][:1]
        return self._as_list(before[-1]) if before else []

    def _topic(self, trigger: "Token") -> list[Reference]:
        """The film that was named last, where the words are about the film that is spoken of."""
        one = self.references.topic(*self.line.span(trigger, trigger.sent[-1]))
        return [one] if one else []

    def _as_list(self, token: "Token") -> list[Reference]:
        one = self.references.of(token)
        return [one] if one else []


class _Claims:
    """The claims of one match, which share their sense and their words."""

    def __init__(self, match: Match, modality: Modality, speaker: "Token | None") -> None:
        self._match, self._modality = match, modality
        tokens = [token for named in match.roles.values() for token in named]
        self._attributed: str | None = None
        if speaker is not None and modality == "reported":
            words = list(speaker.subtree)
            tokens += [words[0], words[-1]]
            self._attributed = match.line.doc[words[0].i : words[-1].i + 1].text
        elif speaker is not None:
            tokens.append(speaker)
        in_order = sorted(tokens, key=lambda token: token.i)
        self._start, self._end = match.line.span(in_order[0], in_order[-1])

    def values(self, subject: Reference) -> Iterator[Proposal]:
        """A claim for each value that the words have."""
        rule = self._match.rule
        if rule.value in ("date", "quantity"):
            for told in self._told_of(rule.value):
                yield self.claim(subject, rule.property, told=told)
        elif rule.value and rule.value.startswith("="):
            yield self.claim(subject, rule.property, value=rule.value[1:])
        else:
            for start, end in self._value_spans():
                text = _LEADING.sub("", self._match.article.text[start:end].strip("_ "))
                if _SOME_WORD.search(text):
                    value = text.lower() if rule.value == "word" and text.istitle() else text
                    yield self.claim(subject, rule.property, value=value, span=(start, end))

    def relation(self, subject: Reference, one: Reference, played: Sequence[Reference]) -> Iterator[Proposal]:
        """A claim that points to somebody; whom he plays is a qualifier of it, and belongs to the film."""
        name = self._match.rule.property
        if not played:
            yield self.claim(subject, name, object_=one)
            return
        yield self.claim(subject, name, object_=one, character=played[0])
        yield self.claim(played[0], "present_in_work", object_=subject)

    def event(self, subjects: Sequence[Reference]) -> Iterator[Proposal]:
        """An event with its label, sort, date, and who and what has a part in it; none without a date."""
        rule, article = self._match.rule, self._match.article
        made, told = rule.event, self._told_of("date")
        if made is None or not told:
            return
        objects = self._match.all_of("object", rule.object)
        if rule.object and not objects:
            return
        names = {"subject": _list(map(self._name, subjects)), "object": _list(map(self._name, objects))}
        label = made.label.format(**names)
        slug = slug_of(f"{names['subject']} {made.event_type} {told[0].value}")
        event = Reference(f"event/{slug}", self._start, self._end)
        article.new.setdefault(event.entity, label)
        yield self.claim(event, "label", value=label, others=(*subjects, *objects))
        yield self.claim(event, "event_type", value=made.event_type, inference="implied")
        yield self.claim(event, "date", told=told[0])
        for one in subjects:
            yield self.claim(event, made.subject, object_=one)
        for one in objects:
            yield self.claim(event, made.object, object_=one)

    def claim(
        self,
        subject: Reference,
        name: str,
        *,
        value: str | None = None,
        object_: Reference | None = None,
        told: Told | None = None,
        span: tuple[int, int] | None = None,
        inference: Inference | None = None,
        character: Reference | None = None,
        others: Sequence[Reference] = (),
    ) -> Proposal:
        """One claim, with a quote that has all its words, and the words that introduce who is not named in them."""
        named = [one for one in (subject, object_, character, *others) if one]
        spans = [(one.start, one.end) for one in named] + ([span] if span else [])
        spans += [(told.end - len(told.phrase), told.end)] if told else []
        quote, introduced = self._quotes(named, spans)
        step = inference or (told.inference if told else self._match.rule.inference)
        if introduced and step == "none":
            step = "coreference"
        claim = SeedClaim(
            subject=subject.entity,
            property=name,
            value=told.value if told else value,
            object=object_.entity if object_ else None,
            qualifiers={"character": character.entity} if character else {},
            quote=(quote,),
            modality=self._modality,
            inference=step,
            introduced_by=introduced if step in ("coreference", "implied") else (),
            phrase=told.phrase if told and told.needs_phrase else None,
            attributed_to=self._attributed if self._modality == "reported" else None,
        )
        return Proposal(claim, self._match.rule.rule, self._start)

    def _quotes(self, named: Sequence[Reference], spans: list[tuple[int, int]]) -> tuple[Quote, tuple[Quote, ...]]:
        """(the words from the first span to the last, what introduces those whom the sentence does not name).

        Of "The film opens on June 2", the whole, and the "“Low Tide”" of an earlier sentence.
        """
        article = self._match.article
        sentence = article.sentence_at(self._start)
        introductions = []
        for one in named:
            if one.introduced is None:
                continue
            if mention := self._match.references.named_in(one.entity, sentence):
                spans.append((mention.start, mention.end))
            else:
                introductions.append(one.introduced)
        start, end = min(self._start, *(a for a, _ in spans)), max(self._end, *(b for _, b in spans))
        quote = quote_of(article.text, max(start, sentence[0]), min(end, sentence[1]), sentence)
        return quote, tuple(dict.fromkeys(map(self._introduction, introductions)))

    def _introduction(self, mention: Mention) -> Quote:
        article = self._match.article
        return quote_of(article.text, mention.start, mention.end, article.sentence_at(mention.start))

    def _name(self, one: Reference) -> str:
        """What an entity is called in this sentence, or where it is introduced."""
        place = one.introduced or one
        return self._match.article.text[place.start : place.end]

    def _told_of(self, sort: str) -> list[Told]:
        """The dates, or quantities, of the match: as plans if that is what it speaks of."""
        article, found = self._match.article, []
        for token in self._match.roles.get(sort, ()) or self._match.roles.get("value", ()):
            told = self._match.references.told(token)
            if told is None or told.is_quantity != (sort == "quantity") or told.value is None:
                continue
            if told.inference in ("weekday", "year"):
                is_future = self._modality in ("planned", "hoped")
                sentence = article.sentence_at(told.start)
                again = told_in(article.text, *sentence, article.source.day, is_future=is_future)
                told = next((one for one in again if one.start == told.start), told)
            found.append(told)
        return found

    def _value_spans(self) -> Iterator[tuple[int, int]]:
        """Where the words of the value stand, for each that is listed."""
        line, tokens = self._match.line, list(self._match.roles.get("value", ()))
        if self._match.rule.value == "many":
            yield line.span(tokens[0], tokens[-1])
            return
        for token in (other for one in tokens for other in (one, *one.conjuncts)):
            if token.ent_type_:
                continue
            if self._match.rule.value == "phrase":
                first, last = phrase(token)
            else:
                first = token
                while is_composed(first):
                    first = first.nbor(-1)
                last = token
            start, end = line.span(first, last)
            if end - start <= _LONGEST_PHRASE:
                yield start, closed(self._match.article.text, start, end)


def _list(names: Iterable[str]) -> str:
    told = list(names)
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}" if told else ""
