"""The gate: what every input must pass before anything of it is stored. Finds all problems of a file at once. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app import edtf
from app.loading import dates, grounding
from app.loading.edges import check_beside, check_edges, with_words_beside
from app.loading.fitting import ReadyClaim, kind_of, misfits, ready_claim, stated
from app.loading.header import CLAIMS
from app.loading.notes import noted
from app.loading.problems import Problem
from app.loading.seed import Quotes, Seed, SeedClaim
from app.passages import Passage, PassageError, find, occurrences
from app.projection import Step, no_step
from app.values import is_line
from app.vocabulary import PROPER_NAMES, PROPERTIES, WITH_ARTICLE, Property
from app.weighing import agree


@dataclass
class Gate:
    """One seed at the gate. `held` has the names of every entity that the base already holds, by kind/slug."""

    seed: Seed
    held: Mapping[str, frozenset[str]]
    step: Step = no_step
    problems: list[Problem] = field(default_factory=list)
    noted: Sequence[ReadyClaim] = ()

    def judge(self) -> list[tuple[int, ReadyClaim]]:
        """The claims that pass, by their index in the seed, ready to store; what is wrong goes to `problems`.

        Those that the curator's notes make are `noted`.
        """
        self.problems += self.seed.problems
        self._passages = [self._locate(index, claim) for index, claim in enumerate(self.seed.claims)]
        self._names = self._known_names()
        self._known = {*self.seed.entities, *self.held}
        self._labels = self._places_of_labels()
        self._check_entities()
        ready = [(index, one) for index in range(len(self.seed.claims)) if (one := self._check_claim(index))]
        self._check_together(ready)
        claimed = {one.fingerprint: self.seed.claim_numbers[index] for index, one in ready}
        self.noted, problems = noted(self.seed, claimed)
        self.problems += problems
        refused = {problem.number for problem in self.problems}
        return [(index, one) for index, one in ready if self.seed.claim_numbers[index] not in refused]

    def _refuse(self, index: int, message: str) -> None:
        self.problems.append(self.seed.problem(index, message))

    def _locate(self, index: int, claim: SeedClaim) -> tuple[list[Passage], list[Passage]] | None:
        """(quotes, contexts) at their place in the text; None when one of them is orphaned."""
        self.step(index, len(self.seed.claims))
        problems: list[str] = []

        def found(quotes: Quotes, what: str) -> Iterator[Passage]:
            for quote in quotes:
                try:
                    yield find(self.seed.text, quote.exact, quote.occurrence, first_line=self.seed.first_line)
                except PassageError as error:
                    is_there = bool(occurrences(self.seed.text, quote.exact))
                    problems.append(f"{'ambiguous' if is_there else 'orphaned'} {what}: {error}")

        located = list(found(claim.quote, "quote")), list(found(claim.introduced_by, "introduced_by"))
        if not claim.quote:
            problems.append("quote is missing; expected the words of the article that say it")
        for problem in problems:
            self._refuse(index, problem)
        return None if problems else located

    def _known_names(self) -> dict[str, set[str]]:
        """The names of each entity, from this file and from the base."""
        names = {entity: set(known) for entity, known in self.held.items()}
        for claim in self.seed.claims:
            if claim.property in PROPER_NAMES and claim.value:
                names.setdefault(claim.subject, set()).add(claim.value)
        for note in self.seed.notes:
            names.setdefault(note.id, set()).update(note.aliases)
        return names

    def _places_of_labels(self) -> dict[str, list[Passage] | None]:
        """Where this file gives each entity a label; None where the words of one are not in the text."""
        places: dict[str, list[Passage] | None] = {}
        for claim, located in zip(self.seed.claims, self._passages, strict=True):
            if claim.property == "label":
                before = places.setdefault(claim.subject, [])
                places[claim.subject] = None if before is None or located is None else [*before, *located[0]]
        return places

    def _check_entities(self) -> None:
        """Each declared entity has a name or a label, is spoken of, and stands once."""
        called = (one for one in self.seed.claims if one.property in ("name", "label"))
        spoken = {claim.subject for claim in called if claim.modality not in ("hoped", "negated")}
        seen: set[str] = set()
        for entity, line in zip(self.seed.entities, self.seed.entity_lines, strict=True):
            if entity in seen:
                self.problems.append(Problem(CLAIMS, line, "", f"the entity {entity} is declared twice"))
            elif entity not in spoken and entity not in self.held:
                message = (
                    f"the entity {entity} has neither a name nor a label; "
                    "expected a claim that gives it one, not as hoped or denied"
                )
                self.problems.append(Problem(CLAIMS, line, "", message))
            seen.add(entity)

    def _check_claim(self, index: int) -> ReadyClaim | None:
        """One claim against the vocabulary, then against its own words."""
        self.step(index, len(self.seed.claims))
        claim, before = self.seed.claims[index], len(self.problems)
        for message in misfits(claim, self._known):
            self._refuse(index, message)
        for key, told in (("attributed_to", claim.attributed_to or ""), *claim.qualifiers.items()):
            if not is_line(told):
                self._refuse(index, f"{key} is {told!a}; expected one line of text")
        located = self._passages[index]
        value, prop = None, PROPERTIES.get(claim.property)
        if prop and prop.value_type and claim.value is not None:
            try:
                value = stated(claim.subject, prop.value_type, claim.value)
            except ValueError as error:
                self._refuse(index, str(error))
        if prop is None or located is None or (value is None and claim.object is None):
            return None
        for message in self._ungrounded(claim, prop, value, *located):
            self._refuse(index, message)
        return None if len(self.problems) > before else ready_claim(claim, value, *located)

    def _ungrounded(
        self, claim: SeedClaim, prop: Property, value: str | None, quotes: list[Passage], contexts: list[Passage]
    ) -> Iterator[str]:
        """What of a claim does not stand in the words that it quotes."""
        language = self.seed.source.language
        for passage in (*quotes, *contexts):
            yield from check_edges(passage, language)
        for passage in quotes:
            yield from check_beside(claim, passage, language, self._names.get(claim.object or "", ()))
        words = dates.plain(" \n ".join(passage.exact for passage in (*quotes, *contexts)))
        wider = dates.plain(" \n ".join(with_words_beside(passage) for passage in (*quotes, *contexts)))
        if value is not None and prop.value_type == "date":
            yield from grounding.check_date(claim, value, words, wider, self.seed.source.day)
        elif value is not None:
            yield from (problems := grounding.check_literal(claim, prop, value, words))
            if prop.value_type == "quantity" and not problems and grounding.check_literal(claim, prop, value, wider):
                yield f"the amount '{claim.value}' goes on beside the quote; expected all of it in the quote"
        for key, told in (("attributed_to", claim.attributed_to), ("role", claim.qualifiers.get("role"))):
            for message in grounding.check_said(told or "", words, is_in_words=key == "attributed_to"):
                yield f"{key}: {message}; expected a further quote with it, or inference coreference and introduced_by"
        for entity in (claim.object, claim.qualifiers.get("character")):
            if entity in self._known and not self._is_mentioned(entity, words, [*quotes, *contexts]):
                called = ", ".join(sorted(self._names.get(entity, ()))) or "no name"
                yield (
                    f"the quote does not name {entity} (known as: {called}); expected inference coreference and, as "
                    "introduced_by, the words that introduce it"
                )
        when = claim.qualifiers.get("point_in_time")
        if when and edtf.is_valid(when):
            yield from grounding.check_date(claim, when, words, wider, self.seed.source.day)

    def _is_mentioned(self, entity: str, words: str, passages: list[Passage]) -> bool:
        """Whether the words name the entity, or lie where this file gives it a label."""
        if grounding.mentions(self._names.get(entity, ()), words):
            return True
        labels = self._labels.get(entity, [])
        if labels is None:
            return True  # its label is orphaned, which is a problem of its own
        return any(one.start < label.end and label.start < one.end for one in passages for label in labels)

    def _check_together(self, ready: Sequence[tuple[int, ReadyClaim]]) -> None:
        """No fact stands twice, and a source does not contradict itself on a single-valued property."""
        said: dict[str, int] = {}
        single: dict[tuple[str, str, str], list[tuple[int, ReadyClaim]]] = {}
        for index, one in ready:
            if one.fingerprint in said:
                first = self.seed.claim_numbers[said[one.fingerprint]]
                message = f"says the same as claim {first}; put both quotes into one claim"
                self._refuse(index, message)
                continue
            said[one.fingerprint] = index
            prop = PROPERTIES[one.property]
            if kind_of(one.subject) in prop.many or one.rank == "deprecated" or one.modality == "negated":
                continue
            others = single.setdefault((one.subject, one.property, one.modality), [])
            # Two that agree with a coarser date need not agree with each other.
            if against := next((told for told in others if _contradict(prop, one, told[1])), None):
                other_index, other = against
                first = self.seed.claim_numbers[other_index]
                message = f"contradicts claim {first}: {WITH_ARTICLE[kind_of(one.subject)]} has one {prop.name}"
                self._refuse(
                    index,
                    f"{message}, and '{other.value or other.object}' is not '{one.value or one.object}'; leave out one "
                    "of them, or give it the rank deprecated",
                )
            others.append((index, one))


def _contradict(prop: Property, one: ReadyClaim, other: ReadyClaim) -> bool:
    if one.object != other.object:
        return True
    return bool(one.value and other.value and not agree(prop, one.value, other.value))
