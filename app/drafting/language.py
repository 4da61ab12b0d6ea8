"""Whether a text is in English, for which the rules of drafting are made. Pure."""

import re

_WORD = re.compile(r"[^\W\d_]+")
# Small words that every English text is full of.
_ENGLISH = re.compile(
    r"the|of|and|to|in|an?|is|was|for|on|that|with|as|by|it|at|from|s?he|his|her|the[yi]r?|be|are|were|this|which|or|not"
    r"|had|has|have|will|would|been|after|who|its|but|when",
    re.IGNORECASE,
)
_LIKELY = 0.2
_FEWEST, _MOST_READ = 12, 100_000


def is_english(text: str) -> bool | None:
    """Whether as many small words are English ones as in English prose; None for a text too short to tell."""
    told = _WORD.findall(text[:_MOST_READ])
    if len(told) < _FEWEST:
        return None
    return sum(_ENGLISH.fullmatch(word) is not None for word in told) / len(told) >= _LIKELY
