"""From the text of an article to a draft of its claims, for a person to review. Only the command imports this."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.drafting import dated
from app.drafting.language import is_english
from app.drafting.names import Held, Mention, acronyms_in, held_in, in_short, mentions_in
from app.drafting.proposals import Proposal, Rejected, quote_of, sifted
from app.loading.header import SeedSource, split_header
from app.loading.seed import SeedClaim
from app.passages import fold, sentences

NAMES_AND_DATES = "names and dates"


@dataclass
class Article:
    """A text that is being drafted, and what has been found in it so far."""

    text: str
    source: SeedSource
    held: Held
    spans: list[tuple[int, int]]
    named: list[Mention]
    doubtful: dict[str, tuple[str, ...]]
    is_english: bool | None
    told: list[list[dated.Told]] = field(default_factory=list)
    new: dict[str, str] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def mentions(self) -> list[Mention]:
        """Everything that is named, in full or in short, in order."""
        return sorted([*self.named, *in_short(self.text, self.named)], key=lambda one: one.start)

    def sentence_at(self, place: int) -> tuple[int, int]:
        """The sentence that a place is in."""
        return self.spans[self.number_at(place)]

    def number_at(self, place: int) -> int:
        """The number of that sentence, from 0."""
        return max(0, bisect_right(self.spans, (place, len(self.text))) - 1)


@dataclass(frozen=True)
class Draft:
    """What is proposed of an article and what was refused, for a person to read."""

    article: Article
    drafted_by: tuple[str, ...]
    proposals: Sequence[Proposal]
    rejected: Sequence[Rejected]
    mentions: Sequence[Mention]

    @property
    def rejected_count(self) -> int:
        """How much of what was proposed is none, be it by the gate or because it has not even the form of one."""
        return len(self.rejected) + len(self.article.refused)


# Adds what it finds to an article, and says what it is called; "" if it left the article alone.
Drafter = Callable[[Article], str]


def draft(connection: Connection, article: str, slug: str, drafters: Sequence[Drafter] = ()) -> Draft:
    """Draft the claims of an article as it stands in its file, without what its own source `slug` said before."""
    text, source = split_header(article)
    held = held_in(connection, text, slug)
    named, doubtful = mentions_in(text, held)
    found = Article(text, source, held, sentences(text), named, doubtful, is_english(text, source.language))
    found.told = [dated.told_in(text, *span, source.day) for span in found.spans]
    drafted_by = (NAMES_AND_DATES, *(name for drafter in drafters if (name := drafter(found))))
    # A name comes before what is said of whoever has it.
    proposals = sorted(_namings(found), key=lambda one: one.at) + sorted(found.proposals, key=lambda one: one.at)
    passed, rejected = sifted(text, source, proposals, held.names)
    return Draft(found, drafted_by, passed, rejected, found.mentions)


def _namings(article: Article) -> list[Proposal]:
    """A claim for each name that the text has, of what is held and of what is new."""
    found: dict[tuple[str, str], Proposal] = {}
    named = {one.end: one for one in article.named}
    for one in article.named:
        words = article.text[one.start : one.end]
        label = article.held.labels.get(one.entity) or article.new.get(one.entity) or words
        if (one.entity, fold(words)) not in found:
            is_name = fold(words) == fold(label)
            value = label if is_name else words
            found[one.entity, fold(words)] = naming(article, one.entity, value, one.start, one.end, is_name=is_name)
    for (start, end), short in acronyms_in(article.text):
        value = article.text[slice(*short)]
        if (called := named.get(end)) and (called.entity, fold(value)) not in found:
            claim = naming(article, called.entity, value, min(start, called.start), short[1], is_name=False)
            found[called.entity, fold(value)] = claim
    return list(found.values())


def naming(article: Article, entity: str, value: str, start: int, end: int, *, is_name: bool) -> Proposal:
    """The proposal that an entity has a name, from the words that have it."""
    claim = SeedClaim(
        subject=entity,
        property="name" if is_name else "alternate_name",
        value=value,
        quote=(quote_of(article.text, start, end, article.sentence_at(start)),),
        modality="asserted",
    )
    return Proposal(claim, NAMES_AND_DATES, start)
