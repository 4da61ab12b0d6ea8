"""Whether a text is in English, for which the rules of drafting are made. Pure."""

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+")
# Small words that every English text is full of.
_ENGLISH = re.compile(
    r"the|of|and|to|in|an?|is|was|for|on|that|with|as|by|it|at|from|s?he|his|her|the[yi]r?|be|are|were|this|which|or|not"
    r"|had|has|have|will|would|been|after|who|its|but|when",
    re.IGNORECASE,
)
_LIKELY = 0.2
_UNLIKELY = 0.05
_FEWEST, _ENOUGH, _MOST_READ = 12, 60, 100_000
# A few words in other letters are enough to tell.
_FEWEST_FOREIGN = 3


def is_english(text: str, said: str | None = None) -> bool | None:
    """Whether a text is in English; None for one too short to tell.

    What its source is `said` to be in decides, as a language tag. Otherwise as many small words must be English ones as
    in English prose.
    """
    if said:
        return said.partition("-")[0].lower() == "en"
    told = _WORD.findall(text[:_MOST_READ])
    foreign = sum(not word[0].isascii() and "LATIN" not in unicodedata.name(word[0], "") for word in told)
    if foreign >= _FEWEST_FOREIGN and 2 * foreign > len(told):
        return False
    if len(told) < _FEWEST:
        return None
    share = sum(_ENGLISH.fullmatch(word) is not None for word in told) / len(told)
    # A headline, or what is written like one, has few of them.
    return None if len(told) < _ENOUGH and _UNLIKELY < share < _LIKELY else share >= _LIKELY
