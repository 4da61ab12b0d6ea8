"""Names in a text that the base does not hold, each with a proposed kind and slug. Pure but for the model's reading."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from app.drafting import Article
from app.drafting.kinds import Seen, is_film, kind_of_name
from app.drafting.model import Line
from app.drafting.names import Mention, Taken, acronyms_in, is_title, places_of, slug_of, titles_in
from app.drafting.rules import kind_cues, no_names
from app.passages import fold
from app.vocabulary import Kind
from app.words import whole

_LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT", "WORK_OF_ART", "PRODUCT", "LAW"})
_LEADING = re.compile(
    r"(?:[_“”\"‘(*\s-]|(?:[Tt]he|[Aa]n?|[Oo]f|[Aa]nd|[Ss]pace(?:craft|ship)|Mrs?|Ms|Dr|Prof|Col|Lt|Gen|Capt)\b\.? ?)+"
)
_TRAILING = re.compile(r"(?:[’']s?|[\s_,.;:!?“”\"’)*-])+$")
_INITIALS = re.compile(r"(?<!\w)(?:[A-Z]\.)+[A-Z]$")
# What a picture is of, and who made it: Lift-off Image: NASA.
_CAPTION = re.compile(r" (?:Image|Photo|Photograph|Picture|Credit)s?$")
_MANY = re.compile(r",? and |, | & |[’']s ")
_LISTED = re.compile(r",? and |, ")
_OWNING = ("'s", "’s")
_NUMBERS = re.compile(r"[\d.,:%$£€\s]+|.*\d,\d.*|.*\b(?:UTC|GMT|A\.M\.|P\.M\.)")
_FILM_NEAR = re.compile(
    r"\b(?:films?|movies?|feature|photography|documentary|trailer|starring|starred|directed|sequel|screenplay|cinema|premiered?)\b"
)
_TITLE = (
    r"(?<!\w)(?P<name>[A-Z0-9][\w’'-]*(?:,? (?:(?:of|the|and|for|in|a|to|on|from|with) )*[A-Z0-9][\w’'-]*){0,7}[?!]?)"
)
_LEAD = re.compile(
    rf"^{_TITLE}(?: ?\([^()\n]{{0,80}}\))?\s(?:is|was)(?: also)? an? (?P<what>[^.;:,()\n]{{2,90}})", re.M
)
_FILM_NAMED = re.compile(rf"\b(?:film|movie|documentary),? {_TITLE}")
_YEAR_BESIDE = re.compile(rf"{_TITLE} ?\((?:19|20)\d\d\)")
_NO_FILM_NEAR = re.compile(r"\b(?:songs?|album|track|single|novel|book|magazine|newspaper|episode|stars out of)\b")
_OF_PERSON = re.compile(r"\b[A-Z][\w.]+ of (?:the )?[_“\"]$")
# Alone, a word must be taken for a name more than once or for a good reason.
_ALONE: dict[Kind, float] = {
    "person": 4.0,
    "organisation": 2.0,
    "film": 1.0,
    "event": 3.0,
    "place": 1.0,
    "character": 2.0,
}
_MOST, _LONGEST = 400, 80
# In a longer text a name is judged by the places alone where the model sees one.
_MOST_TEXT = 100_000


def find(article: Article, lines: Sequence[Line]) -> None:
    """Add to the article the names that are new, with where they stand."""
    found = _candidates(article, lines)
    kinds = _kinds(article.text, found)
    taken = Taken()
    for one in article.mentions:
        taken.take(one.start, one.end)
    slugs = set(article.held.names)
    for name in sorted(kinds, key=lambda one: (-len(one), one))[:_MOST]:
        forms = Counter(article.text[one.start : one.end] for one in found[name])
        words = max(forms, key=lambda form: (not form.isupper() or len(form) < 6, forms[form], form))
        places = [place for form in forms for place in places_of(article.text, form) if taken.take(*place)]
        if not places:
            continue
        entity = entity_named(kinds[name], words, slugs)
        slugs.add(entity)
        article.new[entity] = words
        article.named += [Mention(start, end, entity) for start, end in places]
    article.named.sort(key=lambda one: one.start)


def _candidates(article: Article, lines: Sequence[Line]) -> dict[str, list[Seen]]:
    """What may be a name, by its words as one, with the places where it is seen."""
    text = article.text
    labels: dict[tuple[int, int], str] = {}
    for line in lines:
        for start, end, label in _named_in(line):
            for first, span in enumerate(_cleaned(text, line.start + start, line.start + end, label)):
                labels.setdefault(span, label if not first or text[span[0] - 3 : span[0] - 1] not in _OWNING else "")
    for start, end in titles_in(text):
        labels[start, end] = "TITLE" if _is_film_title(text, start, end) else ""
    labels |= dict.fromkeys(_films_in(text), "TITLE")
    for cues in kind_cues().values():
        for form in cues.forms:
            labels |= {one.span(): "FORM" for one in re.finditer(rf"(?<![\w-])(?:{form})(?![\w-])", text)}
    for match in _named_by_head().finditer(text):
        labels[match.span("name")] = "HEAD"
    publisher = (article.source.publisher or "").strip()
    labels |= dict.fromkeys(places_of(text, publisher) if publisher else (), "PUBLISHER")
    known = {whole(text[one.start : one.end]) for one in article.mentions} | {whole(word) for word in no_names()}
    known |= {whole(text[slice(*short)]) for _, short in acronyms_in(text)}
    found: dict[str, list[Seen]] = defaultdict(list)
    for (start, end), label in sorted(labels.items()):
        if (name := whole(text[start:end])) not in known:
            found[name].append(Seen(start, end, label))
    return found


@cache
def _named_by_head() -> re.Pattern[str]:
    """The Yellow, Black and White studio: a name that is told from its commas by the noun after it."""
    heads = "|".join(sorted(kind_cues()["organisation"].heads))
    return re.compile(rf"\b[Tt]he (?P<name>(?:[A-Z][\w.’&-]*(?:,? and |, | & | ))+?[A-Z][\w.’&-]*) (?:{heads})\b")


def _named_in(line: Line) -> Iterator[tuple[int, int, str]]:
    """What the model takes for a name, and every run of words that it takes for parts of one."""
    for ent in line.doc.ents:
        if ent.label_ in _LABELS:
            yield ent.start_char, ent.end_char, ent.label_
    first = None
    for token in [*line.doc, None]:
        is_part = token is not None and token.pos_ == "PROPN" and token.ent_type_ not in ("DATE", "TIME", "NORP")
        if is_part and first is None:
            first = token
        elif not is_part and first is not None:
            last = line.doc[(token.i if token is not None else len(line.doc)) - 1]
            if last.i > first.i:
                # A person whom the model knows by a part only.
                labels = {one.ent_type_ for one in line.doc[first.i : last.i + 1]}
                is_person = "" in labels and len(labels) > 1 and labels <= {"", "PERSON", "GPE"}
                yield first.idx, last.idx + len(last), "PERSON" if is_person else ""
            first = None


def _cleaned(text: str, start: int, end: int, label: str) -> Iterator[tuple[int, int]]:
    """The name without what only stands beside it, or each of several people."""
    end = next((place for place in range(start, end) if text[place] == "\n"), end)
    cuts = [match.span() for match in _MANY.finditer(text, start, end)] if label in ("PERSON", "ORG", "") else []
    edges = [start, *(edge for cut in cuts for edge in cut), end]
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        if leading := _LEADING.match(text, a, b):
            a = leading.end()
        if trailing := _TRAILING.search(text, a, b):
            b = trailing.start()
        if text[b : b + 1] == "." and _INITIALS.search(text, a, b):
            b += 1
        if (bracket := text.find(" (", a, b)) != -1:
            b = bracket
        if text[b : b + 1] == ":" and (caption := _CAPTION.search(text, a, b)):
            b = caption.start()
        first, blank, _ = text[a:b].partition(" ")
        if blank and fold(first) in kind_cues()["person"].heads:
            a += len(first) + 1
        if 1 < b - a <= _LONGEST and is_title(text[a:b]) and not _NUMBERS.fullmatch(text[a:b]):
            yield a, b


def _films_in(text: str) -> Iterator[tuple[int, int]]:
    """Titles without quotation marks: X is a film, the film X, and X (1990) where films are spoken of."""
    for match in _LEAD.finditer(text):
        if is_title(match["name"]) and is_film(match["what"]):
            yield match.span("name")
    for match in _FILM_NAMED.finditer(text):
        yield match.span("name")
    for match in _YEAR_BESIDE.finditer(text):
        if _is_film_title(text, *match.span("name")):
            yield match.span("name")


def _is_film_title(text: str, start: int, end: int) -> bool:
    """Whether a title in quotation marks is spoken of as a film is."""
    around = text[max(0, start - 80) : end + 80]
    if _NO_FILM_NEAR.search(around):
        return False
    return bool(_FILM_NEAR.search(around)) and not _OF_PERSON.search(text[max(0, start - 40) : start])


def _kinds(text: str, found: dict[str, list[Seen]]) -> dict[str, Kind]:
    """The kind of each name that has one; what is only the last word of a longer name is none."""
    kinds: dict[str, Kind] = {}
    for name, seen in found.items():
        words = text[seen[0].start : seen[0].end]
        places = seen if len(text) > _MOST_TEXT else [*seen, *_elsewhere(text, words, seen)]
        kind, points = kind_of_name(text, words, places)
        is_alone = len(words.split()) == 1
        if kind and (not is_alone or points >= (1.0 if words.isupper() and len(words) < 6 else _ALONE[kind])):
            kinds[name] = kind
    _make_alike_in_lists(text, found, kinds)
    spelt = {name: text[found[name][0].start : found[name][0].end].split() for name in kinds}
    parts = {
        whole(words[-1])
        for name, words in spelt.items()
        if len(words) > 1 and (kinds[name] in ("person", "character") or any(letter.isdigit() for letter in words[-1]))
    }
    has_cast = "character" in kinds.values()
    return {
        name: kind
        for name, kind in kinds.items()
        if len(spelt[name]) > 1 or not (name in parts or (has_cast and kind == "person"))
    }


def _elsewhere(text: str, words: str, seen: list[Seen]) -> Iterator[Seen]:
    """Where else a name stands, for what stands around it there."""
    known = {one.start for one in seen}
    return (Seen(start, end, "") for start, end in places_of(text, words) if start not in known)


def _make_alike_in_lists(text: str, found: dict[str, list[Seen]], kinds: dict[str, Kind]) -> None:
    """Where most of those that are listed one after another are people, so are all that have the form of people."""
    places = sorted((one.start, one.end, name) for name, seen in found.items() for one in seen)
    group: list[str] = []
    for (_, end, name), (start, *_) in zip(places, [*places[1:], (len(text) + 9, 0, "")], strict=False):
        group.append(name)
        if _LISTED.fullmatch(text[end:start]):
            continue
        people = [one for one in group if kinds.get(one) == "person"]
        if len(group) > 2 and 2 * len(people) > len(group):
            kinds |= {one: "person" for one in group if kinds.get(one) in ("place", "organisation")}
        group = []


def entity_named(kind: Kind, words: str, taken: set[str]) -> str:
    """A kind/slug that nothing has."""
    slug = slug_of(words) or "unnamed"
    entity, number = f"{kind}/{slug}", 1
    while entity in taken:
        number += 1
        entity = f"{kind}/{slug}-{number}"
    return entity
