"""In what sense a sentence says something: asserted, or as a plan, a hope, a denial or a report. Judges a parse."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from app.drafting.rules import cues
from app.vocabulary import KINDS, Modality

if TYPE_CHECKING:
    from spacy.tokens import Token

# From a word up to what governs it: through these, what is said of the governor holds of the word as well.
_UP = frozenset({"ccomp", "xcomp", "conj", "acl", "relcl", "auxpass", "pcomp", "prep", "dobj", "attr", "acomp"})
_CLAUSES = frozenset({"ccomp", "xcomp"})
_DENIALS = frozenset({"not", "never", "n't", "n’t", "no"})
# What somebody's was to do something: that is what it was, and no plan.
_DEEDS = frozenset({"achievement", "feat", "first", "job", "merit", "role", "success", "task", "work"})
_AFTERWARDS = frozenset({"later", "eventually", "subsequently", "then", "afterwards"})
_VERBS = frozenset({"VERB", "AUX"})


def modality_of(trigger: "Token") -> tuple[Modality, "Token | None"]:
    """(the sense in which what the trigger says holds, who is said to say it or which verb denies it, if any does)."""
    if trigger.ent_type_ in KINDS:
        return "asserted", None  # What stands beside a name is so, whatever the sentence says of who has it.
    verbs = list(_governors(trigger))
    if any(child.dep_ == "neg" or child.lower_ in _DENIALS for verb in verbs[:2] for child in verb.children):
        return "negated", None
    for cue in cues():
        for depth, verb in enumerate(verbs):
            is_below = depth > 0
            told = verb.lemma_ in cue.lemmas and (is_below or (cue.modality == "planned" and _is_passive(verb)))
            ahead = _has_auxiliary(verb, cue.auxiliaries) or (_has_auxiliary(verb, cue.modals) and not _is_over(verb))
            is_due = not is_below and verb.head.lemma_ in cue.due and _is_to_come(verb)
            if (told or ahead or is_due) and cue.modality != "reported":
                return cue.modality, verb if cue.modality == "negated" else None
            speaker = next((child for child in verb.children if child.dep_ == "nsubj"), None) if told else None
            if speaker is not None and speaker.pos_ != "PRON":
                return "reported", speaker
    return "asserted", None


def _is_passive(verb: "Token") -> bool:
    return any(child.dep_ == "auxpass" for child in verb.children)


def _has_auxiliary(verb: "Token", words: Collection[str]) -> bool:
    return any(child.lower_ in words for child in verb.children if child.dep_ in ("aux", "auxpass"))


def _is_over(verb: "Token") -> bool:
    """Whether it is no plan as seen from today: may have flown, would later fly."""
    is_later = any(child.lower_ in _AFTERWARDS for child in verb.children)
    is_done = _has_auxiliary(verb, ("may", "might")) and _has_auxiliary(verb, ("have",))
    return is_done or (is_later and _has_auxiliary(verb, ("would",)))


def _is_to_come(verb: "Token") -> bool:
    """Whether it is an infinitive that says what is due: is to fly, was to be shown; her feat was to fly is none."""
    is_infinitive = verb.dep_ == "xcomp" and _has_auxiliary(verb, ("to",))
    told = (child for child in verb.head.children if child.dep_ in ("nsubj", "csubj"))
    return is_infinitive and not any(child.dep_ == "csubj" or child.lemma_ in _DEEDS for child in told)


def _governors(trigger: "Token") -> Iterator["Token"]:
    """The verb that the trigger is or belongs to, and the verbs above it whose sense it shares."""
    token, found = trigger, False
    for _ in range(12):
        if token.pos_ in _VERBS:
            yield token
            found = True
        if token.head.i == token.i or token.dep_ == "relcl":
            return
        if found and token.dep_ not in _UP:
            return
        if token.dep_ == "conj" and found:
            # "He landed and will fly again": what is said of the first is not said of the second.
            token = token.head
            while token.dep_ == "conj" and token.head.i != token.i:
                token = token.head
            if token.dep_ not in _CLAUSES:
                return
        token = token.head
