"""What stands right beside a quote and belongs to it: the rest of a word or a number, a year, a denial. Pure."""

import re
from collections.abc import Iterator

from app.loading import dates
from app.loading.seed import SeedClaim
from app.passages import Passage

# Scripts that part no words, and Korean, which writes together with a name what says its part in the sentence.
_UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DENIED = re.compile(
    r"(?P<denial>\b(?:(?i:not|never|nor|neither|cannot)|no)|n[’']t)(?:[^\S\n]+(?:an?|the|yet|ever|been|be))*[^\S\n]+$"
)
_START, _END = re.compile(r"\S*$"), re.compile(r"\S*")
# How much of a word a message shows at each side, at most.
_SHOWN = 20


def check_edges(claim: SeedClaim, passage: Passage) -> Iterator[str]:
    """What is wrong with where a quote begins and ends, as sentences for a person."""
    for edge, before, after in (
        ("begins", passage.prefix, passage.exact),
        ("ends", passage.exact, passage.suffix),
    ):
        if _is_within(before, after):
            word = _START.findall(before[-_SHOWN:])[0] + _END.findall(after[:_SHOWN])[0]
            yield f"the quote {edge} within '{word}'; expected whole words"
    if claim.modality != "negated" and (denied := _DENIED.search(passage.prefix)):
        yield f"right before the quote stands '{denied['denial']}'; expected it in the quote, and modality negated"
    if claim.inference == "year" and claim.phrase and _has_year_behind(claim.phrase, passage):
        yield f"the year of '{claim.phrase}' stands right behind the quote; expected it in the quote, and no inference"


def _is_within(before: str, after: str) -> bool:
    """Whether a word or a number goes on from the one text to the other."""
    last, first = before[-1:], after[:1]
    if last.isalnum() and first.isalnum():
        return not (_UNPARTED.match(last) or _UNPARTED.match(first))
    is_after_point = last in (".", ",") and before[-2:-1].isdigit() and first.isdigit()
    return is_after_point or (last.isdigit() and first in (".", ",") and after[1:2].isdigit())


def _has_year_behind(phrase: str, passage: Passage) -> bool:
    beyond = dates.plain(passage.exact + passage.suffix)
    return dates.has_year(phrase, beyond) and not dates.has_year(phrase, dates.plain(passage.exact))
