"""What loading a source would do: it is loaded, looked at, and taken back, so that preview and load cannot differ."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import get_args

from sqlalchemy import Connection

from app.documents.preview import (
    ClaimPreview,
    ClaimStatus,
    Correction,
    EndedClaim,
    FileProblem,
    Outcome,
    PreviewDocument,
    SentenceCoverage,
    Span,
    StatusCounts,
)
from app.loading.examining import Examined, examine
from app.loading.load import LoadReport, store
from app.loading.problems import Problem
from app.loading.seed import Seed
from app.preview import claims, entities, records
from app.projection import Step, no_step

_ACTOR = "preview"


def preview(
    connection: Connection, seed: Seed, *, drop_orphaned: bool = False, step: Step = no_step
) -> PreviewDocument:
    """What `load_seed` would do with a source, in the caller's write transaction, in which nothing of it stays.

    Where the gate refuses something, the others of the file are loaded without it, which a load would not do.
    """
    examined = examine(connection, seed, drop_orphaned=drop_orphaned, step=step)
    introduced = entities.introduced(connection, examined)
    with connection.begin_nested() as trial:
        report = store(connection, examined, actor=_ACTOR)
        after = records.documents(connection, report.written)
        told = [*claims.stored(connection, examined, report), *_refused(examined), *_left_out(seed, examined)]
        trial.rollback()
    changes = records.changes(records.documents(connection, report.written), after)
    return PreviewDocument(
        slug=seed.slug,
        outcome=_outcome(examined),
        version=report.version,
        counts=_counts(told),
        problems=[
            FileProblem(file=one.file, line=one.line or None, detail=one.message)
            for one in (*([seed.unreviewed] if seed.unreviewed else ()), *sorted(set(examined.judged.problems)))
            if not one.number
        ],
        claims=sorted(told, key=lambda one: (one.number or 0, one.line or 0)),
        correction=_correction(examined),
        ended=_ended(report),
        entities=introduced,
        entities_known=report.entities_known,
        coverage=_coverage(report),
        record_count=len(changes),
        records=changes[: records.SHOWN],
    )


def _outcome(examined: Examined) -> Outcome:
    if examined.judged.problems:
        return "rejected"
    if examined.seed.unreviewed:
        return "draft"
    return "unchanged" if examined.held.is_unchanged else "would_load"


def _counts(told: Iterable[ClaimPreview]) -> StatusCounts:
    counted = Counter(one.status for one in told)
    statuses: tuple[ClaimStatus, ...] = get_args(ClaimStatus)
    return StatusCounts(**{status: counted[status] for status in statuses})


def _refused(examined: Examined) -> list[ClaimPreview]:
    """The claims that did not pass, the malformed ones among them."""
    reasons: dict[int, list[Problem]] = {}
    for one in sorted(set(examined.judged.problems)):
        if one.number:
            reasons.setdefault(one.number, []).append(one)
    return claims.unstored(examined.seed, "rejected", reasons, examined.words)


def _left_out(seed: Seed, examined: Examined) -> list[ClaimPreview]:
    reasons = {one.number: [one] for one in examined.left_out}
    return claims.unstored(seed, "left_out", reasons, examined.words)


def _correction(examined: Examined) -> Correction | None:
    if not examined.held.is_corrected or examined.held.before is None:
        return None
    words = Counter(one.words for one in examined.judged.reverified)
    return Correction(
        version=examined.held.before.version,
        unchanged=words["unchanged"],
        moved=words["moved"],
        orphaned=words["orphaned"],
    )


def _ended(report: LoadReport) -> list[EndedClaim]:
    by_fact: Mapping[str, EndedClaim] = {
        one.fact: EndedClaim(
            fact_id=one.fact, subject=one.subject, property=one.property, value=one.said, words=one.words,
            quote=one.quote,
        )
        for one in report.reverified
        if one.fact in report.ended
    }  # fmt: skip
    return list(by_fact.values())


def _coverage(report: LoadReport) -> SentenceCoverage:
    return SentenceCoverage(
        sentences=report.sentences_with_facts + len(report.silent),
        sentences_with_facts=report.sentences_with_facts,
        without_facts=[Span(start=start, end=end, text=text) for start, end, text in report.silent],
    )
