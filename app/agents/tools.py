"""What the five tools answer: each asks the queries of the API, and numbers the quotes of what it finds."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Literal

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.agents.shapes import CheckAnswer, EntityAnswer, FactsAnswer, Found, SearchAnswer, SourceAnswer, Value
from app.agents.texts import Numbering, value_text
from app.budget import Budget, SpentError
from app.documents.evidence import FactDocument, Ref
from app.documents.records import RecordState
from app.documents.search import SearchHit
from app.queries import asked_claim, facts, records, search, sources
from app.queries import check as checks
from app.queries.facts import lists as fact_lists
from app.queries.facts.receipts import receipts_of
from app.queries.nearest import nearest_source, nearest_word
from app.renderings import pages
from app.vocabulary import PROPERTIES, REAL, Kind

LONGEST_PART = 8000
_SHOWN = 10
# What stands at the head of the answer, or tells of other values and is told with them.
_ASIDE = {"kind", "slug", "url", "label", *RecordState.model_fields}
_STATES: tuple[Literal["planned", "disputed", "slipped"], ...] = ("planned", "disputed", "slipped")


class RefusedError(Exception):
    """What a tool cannot do, in a sentence for the model, with what it could try instead."""


@contextmanager
def reading(engine: Engine, seconds: float | None) -> Iterator[Connection]:
    """A read transaction, for so many seconds. What cannot be understood, or takes longer, is refused in a sentence."""
    try:
        with engine.connect() as connection, Budget(seconds).over(connection) if seconds else nullcontext():
            yield connection
    except SpentError as error:
        raise RefusedError(f"The answer would take longer than {error.seconds:g} s; ask for less at once.") from error
    except asked_claim.ClaimError as error:
        raise RefusedError(_sentence(error)) from error
    except (OperationalError, ProgrammingError) as error:
        raise RefusedError("The knowledge base cannot be read just now; try again later.") from error


def _sentence(error: asked_claim.ClaimError) -> str:
    """All that is wrong with a claim, with what would be right, as a sentence."""
    told = []
    for mistake in error.mistakes:
        near = f"; did you mean {mistake.near}?" if mistake.near else ""
        allowed = f" (allowed: {', '.join(mistake.allowed)})" if mistake.allowed and not near else ""
        told.append(f"{mistake.text}{allowed}{near}")
    sentence = "; ".join(told)
    return sentence if sentence.endswith("?") else f"{sentence}."


def find(connection: Connection, base: str, q: str, kind: Kind | None, limit: int) -> SearchAnswer:
    """The records that have all the words."""
    found = search.search(connection, search.SearchQuery(q, (kind,) if kind else (), limit=limit))
    numbered = Numbering(base)
    results = [_found(SearchHit.model_validate(hit), numbered) for hit in found.hits]
    return SearchAnswer(count=found.count, corrected=found.corrected, results=results, quotes=numbered.all())


def _found(hit: SearchHit, numbered: Numbering) -> Found:
    return Found(
        entity=f"{hit.kind}/{hit.slug}", kind=hit.kind, label=hit.label,
        name=hit.snippet if hit.matched == "alternate_name" else None,
        quotes=[numbered.add(hit.snippet, hit.receipt)] if hit.receipt and hit.snippet else [],
        url=numbered.url(hit.url),
    )  # fmt: skip


def describe(connection: Connection, base: str, entity: str) -> EntityAnswer:
    """A record with its values and their quotes, and with what is said of it but is no value."""
    ref = _entity(connection, entity)
    record = records.get_record(connection, ref.kind, ref.slug)
    if record is None:
        raise RefusedError(f"There is no {ref.kind}/{ref.slug}. Use search to find records.")
    document: dict[str, Any] = json.loads(record.document)
    by_key: dict[str, list[FactDocument]] = {}
    beside = []
    for one in receipts_of(connection, ref.kind, {record.id: document}):
        if _is_value(one.fact, ref.kind):
            for key in facts.keys_of(one.fact, ref.kind, one.role_of(record.id), document):
                by_key.setdefault(key, []).append(one.fact)
        else:
            beside.append(one.fact)
    numbered = Numbering(base)
    values = [_value(document, key, by_key.get(key, ()), numbered) for key in document if _is_told(document, key)]
    return EntityAnswer(
        entity=f"{ref.kind}/{ref.slug}", label=ref.label, values=values,
        not_values=[numbered.statement(fact) for fact in beside[:_SHOWN]], not_values_count=len(beside),
        quotes=numbered.all(), url=numbered.url(ref.url),
    )  # fmt: skip


def _is_value(fact: FactDocument, kind: Kind) -> bool:
    return fact.modality in (*REAL[kind], "planned")


def _is_told(document: Mapping[str, Any], key: str) -> bool:
    is_counter = key.endswith("_count") and key.removesuffix("_count") in document
    return key not in _ASIDE and not is_counter and document[key] not in (None, [], {})


def _value(document: Mapping[str, Any], key: str, told: Sequence[FactDocument], numbered: Numbering) -> Value:
    values = pages.values_of(document[key])
    shown, saying = [], []
    for place, value in enumerate(values[:_SHOWN]):
        mark = " (PLANNED)" if f"{key}[{place}]" in document["planned"] else ""
        shown.append(f"{value_text(value)}{mark}")
        saying += [fact for fact in told if pages.says(fact.model_dump(mode="json"), value, document["url"])][:1]
    # Those that say what is shown come first, then what else is said, such as the other sides of a dispute.
    quoted = list({fact.id: fact for fact in [*saying, *told]}.values())[:_SHOWN]
    return Value(
        key=key, values=shown, count=document.get(f"{key}_count", len(values)),
        state=[state for state in _STATES if key in document[state]],
        quotes=list(dict.fromkeys(number for fact in quoted for number in numbered.of(fact.evidence))),
    )  # fmt: skip


def list_facts(
    connection: Connection, base: str, told: Mapping[str, str | None], limit: int, offset: int
) -> FactsAnswer:
    """The facts that all filters keep."""
    kept = {name: value for name, value in told.items() if value is not None}
    for name in ("subject", "object"):
        if name in kept:
            kept[name] = _name_of(connection, kept[name])
    if (prop := kept.get("property")) and prop not in PROPERTIES:
        near = nearest_word(prop, PROPERTIES)
        hint = f" Did you mean {near}?" if near else ""
        raise RefusedError(f"There is no property '{prop}'.{hint} Known: {', '.join(PROPERTIES)}.")
    if "source" in kept:
        kept["source"] = _source(connection, kept["source"]).slug
    each: dict[str, Any] = {name: (value,) for name, value in kept.items()}
    count, found = fact_lists.list_facts(connection, fact_lists.FactQuery(**each, limit=limit, offset=offset))
    numbered = Numbering(base)
    statements = [numbered.statement(fact) for fact in found]
    after = offset + limit if offset + limit < count else None
    return FactsAnswer(count=count, facts=statements, next_offset=after, quotes=numbered.all())


def _source(connection: Connection, told: str) -> Any:
    """The newest version of the source that is meant by its slug, its path or its URL, if it holds."""
    folder, name = asked_claim.end_of(told)
    slug = name if folder == "sources" else told
    row = sources.get_source(connection, slug)
    if row is None:
        near = nearest_source(connection, slug)
        hint = f"Did you mean {near}?" if near else "The quotes of the other tools name the sources."
        raise RefusedError(f"There is no source '{slug}'. {hint}")
    if row.withdrawn_at is not None:
        raise RefusedError(f"The source '{slug}' was withdrawn: {row.withdrawn_reason}")
    return row


def _entity(connection: Connection, told: str) -> Ref:
    """The record that is meant; where there is none, search is what helps."""
    try:
        return asked_claim.find_entity(connection, told).ref
    except asked_claim.ClaimError as error:
        is_told = any(one.near or one.code == "gone" for one in error.mistakes)
        raise RefusedError(f"{_sentence(error)}{'' if is_told else ' Use search to find its kind/slug.'}") from error


def _name_of(connection: Connection, told: str) -> str:
    ref = _entity(connection, told)
    return f"{ref.kind}/{ref.slug}"


def check(connection: Connection, base: str, claim: Mapping[str, Any]) -> CheckAnswer:
    """The verdict on a claim."""
    told = {key: value for key, value in claim.items() if value is not None}
    for key in ("subject", "object"):
        if key in told:
            told[key] = _name_of(connection, told[key])
    found = checks.check(connection, asked_claim.read_claim(connection, told, by_path=True))
    numbered = Numbering(base)
    return CheckAnswer(
        verdict=found.verdict, explanation=found.explanation, is_disputed=found.is_disputed,
        facts=[numbered.statement(fact) for fact in found.facts[:_SHOWN]],
        context=[numbered.statement(fact) for fact in found.context[:_SHOWN]], quotes=numbered.all(),
    )  # fmt: skip


def read_source(connection: Connection, base: str, slug: str, start: int, end: int | None) -> SourceAnswer:
    """A source, and its text from one position to another."""
    row = _source(connection, slug)
    if start >= max(len(row.text), 1) or (end is not None and end <= start):
        raise RefusedError(
            f"The text has {len(row.text)} characters; expected a start before its end, and an end after."
        )
    last = min(len(row.text), start + LONGEST_PART, len(row.text) if end is None else end)
    told = sources.source_document(connection, row)
    return SourceAnswer(
        source=told.slug, title=told.title, publisher=told.publisher, published=told.published,
        original_url=told.original_url, fact_count=told.fact_count, text=row.text[start:last], start=start, end=last,
        length=len(row.text), url=f"{base}{told.url}",
    )  # fmt: skip
