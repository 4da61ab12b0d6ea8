"""A draft as the `claims.yaml` that a person reviews: sentence by sentence, what was found and what was not. Pure."""

import json
import re
from collections.abc import Iterator, Sequence

from app.drafting import NAMES_AND_DATES, Draft
from app.drafting.dated import Told
from app.drafting.proposals import Proposal, entities_of
from app.loading.seed import Quote

_WIDTH = 116
_LONGEST = 400
# What YAML reads as the same text without quotes: words that begin with a letter, and no sign that means something.
_PLAIN = re.compile(r"[^\W\d_](?:[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff:#]|:(?! |$)|(?<! )#)*(?<! )")
_NOT_TEXT = ("null", "~")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")

_HEAD = """\
A draft: proposals that nobody has read yet. It is not loaded while it says so.
Read it beside the article: mend or delete what is wrong, and add what is missing; docs/curating.md says how.
Then write `status: reviewed`, and your name as `reviewed_by`."""


def written(draft: Draft) -> str:
    """The draft as YAML in the seed format."""
    return "\n".join(_lines(draft)) + "\n"


def scalar(text: str) -> str:
    """A text as a YAML value on one line."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _lines(draft: Draft) -> Iterator[str]:
    article = draft.article
    yield from _comment(_HEAD)
    yield from _comment("\n".join(_remarks(draft)))
    yield ""
    yield "status: draft"
    yield f"drafted_by: {scalar(', '.join(draft.drafted_by))}"
    if article.is_english and not article.source.language:
        yield from ("", "source:", "  language: en")
    yield ""
    entities = entities_of(draft.proposals)
    entities += [one.entity for one in draft.mentions if one.entity in article.held.names]
    yield "entities:"
    for one in sorted(set(entities), key=lambda one: (one not in article.held.names, one)):
        label = _shown(article.held.labels.get(one, ""))
        yield f"  - {one}  # {f'held: {label}' if one in article.held.names else 'new'}"
    yield ""
    yield "claims:"
    yield from _sentences(draft)
    yield from _rejections(draft)


def _remarks(draft: Draft) -> Iterator[str]:
    """What is to be known of the whole article."""
    article = draft.article
    yield ""
    if article.is_english is False:
        said = article.source.language
        is_so = (
            f"The text is in another language than English ({said})."
            if said
            else "The text does not seem to be English."
        )
        yield f"{is_so} The rules for dates and relations know English only."
    if article.source.day is None:
        yield (
            "The day of the article is not known, so weekdays and dates without a year cannot be told: give its "
            "`published` to the day, if you know it, and draft again."
        )
    silent = sum(not any(found) for found in _found(draft))
    proposals, spans = len(draft.proposals), len(article.spans)
    yield (
        f"{proposals} proposal{'s'[: proposals != 1]} in {spans} sentence{'s'[: spans != 1]}; in {silent} of them "
        "nothing was found."
    )


def _found(draft: Draft) -> list[tuple[list[Proposal], list[Told], list[str]]]:
    """(proposals, dates, other remarks) of each sentence."""
    article = draft.article
    found: list[tuple[list[Proposal], list[Told], list[str]]] = [([], told, []) for told in article.told]
    for proposal in draft.proposals:
        found[article.number_at(proposal.at)][0].append(proposal)
    shown: dict[int, dict[str, str]] = {}
    for one in draft.mentions:
        words = article.text[one.start : one.end]
        shown.setdefault(article.number_at(one.start), {})[one.entity] = words
    for number, words_of in shown.items():
        found[number][2].append("Named: " + ", ".join(f"{words} = {one}" for one, words in words_of.items()))
    for words, entities in article.doubtful.items():
        number = article.number_at(article.text.find(words))
        found[number][2].append(f"{words} may be {' or '.join(entities)}: which of them is meant?")
    return found


def _sentences(draft: Draft) -> Iterator[str]:
    article = draft.article
    for number, (proposals, told, others) in enumerate(_found(draft)):
        yield ""
        yield from _comment(f"--- {number + 1}. {_cut(article.text[slice(*article.spans[number])])}", "  ")
        if not proposals and not told and not others:
            yield "  # Nothing was found in this sentence."
        for remark in (*others, *(_date(one) for one in told)):
            yield from _comment(remark, "  ")
        for proposal in proposals:
            yield from _claim(proposal)


def _date(told: Told) -> str:
    """What a date or a quantity proposes, in the words of the seed format."""
    what = "Quantity" if told.is_quantity else "Date"
    if told.value is None:
        return f"{what}: “{told.phrase}” cannot be told from here."
    steps = f", inference: {told.inference}, phrase: {told.phrase}" if told.needs_phrase else ""
    bound = " It only bounds something." if told.is_bound else ""
    return f"{what}: “{told.phrase}” is {told.value}{steps}.{bound}"


def _claim(proposal: Proposal) -> Iterator[str]:
    claim = proposal.claim
    if proposal.by != NAMES_AND_DATES:
        yield f"  # {_shown(proposal.by)}"
    yield f"  - subject: {claim.subject}"
    yield f"    property: {claim.property}"
    yield f"    object: {claim.object}" if claim.object else f"    value: {scalar(claim.value or '')}"
    if claim.qualifiers:
        yield "    qualifiers:"
        yield from (f"      {name}: {scalar(told)}" for name, told in claim.qualifiers.items())
    yield from _quotes("quote", claim.quote)
    yield f"    modality: {claim.modality}"
    if claim.inference != "none":
        yield f"    inference: {claim.inference}"
    if claim.introduced_by:
        yield from _quotes("introduced_by", claim.introduced_by)
    if claim.phrase:
        yield f"    phrase: {scalar(claim.phrase)}"
    if claim.attributed_to:
        yield f"    attributed_to: {scalar(claim.attributed_to)}"


def _quotes(key: str, quotes: Sequence[Quote]) -> Iterator[str]:
    if len(quotes) == 1 and quotes[0].occurrence is None:
        yield f"    {key}: {scalar(quotes[0].exact)}"
        return
    yield f"    {key}:"
    for quote in quotes:
        if quote.occurrence is None:
            yield f"      - {scalar(quote.exact)}"
        else:
            yield f"      - exact: {scalar(quote.exact)}"
            yield f'        occurrence: "{quote.occurrence}"'


def _rejections(draft: Draft) -> Iterator[str]:
    """What did not pass the gate, or is no proposal, as remarks: it may still show where something is to be found."""
    if not (count := draft.rejected_count):
        return
    yield ""
    yield from _comment(f"=== Rejected: {count} proposal{'s'[: count != 1]}.", "  ")
    for one in draft.rejected:
        claim = one.proposal.claim
        said = f"{claim.subject} {claim.property} {claim.value or claim.object} ({claim.modality}; {one.proposal.by})"
        yield from _comment(f"{said}, of “{_cut(claim.quote[0].exact)}”: {'; '.join(one.reasons)}", "  ")
    for told in draft.article.refused:
        yield from _comment(told, "  ")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _shown(text: str) -> str:
    """A text for a remark: on one line, without what YAML or a terminal would stumble over."""
    return _UNSEEN.sub(" ", text)


def _comment(text: str, indent: str = "") -> Iterator[str]:
    """Remarks of no more than a line's width each, broken between words."""
    for line in text.split("\n"):
        row = ""
        for word in _shown(line).split(" "):
            if row and len(row) + 1 + len(word) > _WIDTH - len(indent):
                yield f"{indent}# {row}"
                row = ""
            row = f"{row} {word}" if row else word
        yield f"{indent}# {row}".rstrip()
