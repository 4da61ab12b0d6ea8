"""What belongs to a word in the grammar of its sentence. Judges a parse."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.drafting.rules import kind_cues

if TYPE_CHECKING:
    from spacy.tokens import Token

_BETWEEN = frozenset({",", "and", "&"})


def phrase(token: "Token") -> tuple["Token", "Token"]:
    """The first and the last word of what belongs to a noun, up to a clause about it."""
    words = list(token.subtree)
    clauses = [
        child.left_edge.i for child in token.children if child.dep_ in ("relcl", "appos", "conj") and child.i > token.i
    ]
    inside = [word for word in words if word.i < min(clauses, default=words[-1].i + 1)]
    while len(inside) > 1 and (inside[-1].is_punct or inside[-1].dep_ == "cc"):
        inside.pop()
    return inside[0], inside[-1]


def is_composed(token: "Token") -> bool:
    """Whether the word before belongs to it: the space of a space tourist, not the life of a real-life cosmonaut."""
    if token.i == 0 or token.nbor(-1).dep_ != "compound" or token.nbor(-1).ent_type_:
        return False
    # A Fighter pilot is one, but a Soyuz spaceflight is a spaceflight.
    if token.nbor(-1).pos_ != "NOUN" and token.lower_ not in kind_cues()["person"].heads:
        return False
    return token.i < 2 or token.nbor(-2).text != "-"


def listed(token: "Token") -> list["Token"]:
    """A word with those that are listed after it: A, B and C."""
    found, place, doc = [token], token.i + 1, token.doc
    heads = next((cues.heads for kind, cues in kind_cues().items() if kind == token.ent_type_), frozenset())
    while place < len(doc):
        if doc[place].lower_ in _BETWEEN:
            place += 1
        elif place == found[-1].i + 1 and doc[place].lower_ in heads:
            place += 1  # The Blue Lantern studio and Channel Two.
        elif doc[place].ent_type_ == token.ent_type_ and doc[place - 1].lower_ in _BETWEEN:
            found.append(doc[place])
            place += 1
        else:
            break
    return [*found, *(other for other in token.conjuncts if other not in found and other.sent == token.sent)]


def above(token: "Token") -> Iterator["Token"]:
    """The word itself, and what it belongs to, up to the verb of its clause."""
    for _ in range(6):
        yield token
        if token.head.i == token.i or token.dep_ in ("ccomp", "advcl"):
            return
        token = token.head


def is_unnamed(token: "Token", kinds: Sequence[str]) -> bool:
    """Whether a word is a film without its name, which nothing else is meant by: narrated by X of "a film narrated"."""
    cues = kind_cues()
    is_one = any(token.lemma_.lower() in cues[kind].heads for kind in cues if kind in kinds)
    return is_one and token.ent_type_ == "" and token.dep_ not in ("attr", "appos", "nsubj", "nsubjpass")
