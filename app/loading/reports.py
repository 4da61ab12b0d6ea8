"""What a load did, or why it was refused, in lines for a person."""

from collections.abc import Iterator
from pathlib import Path

from app.loading.load import LoadReport
from app.loading.problems import RefusedError

_LONGEST = 90


def told(report: LoadReport, *, is_dry_run: bool) -> Iterator[str]:
    """What a load did, or in a dry run would have done."""
    if report.is_unchanged:
        yield f"{report.slug}: unchanged ({report.claims_unchanged} claims on {report.entities_known} entities)"
        return
    silent = report.sentences_without_facts
    yield f"{report.slug}: version {report.version} {'would be' if is_dry_run else 'is'} loaded"
    yield f"  entities   {report.entities_new} new, {report.entities_known} known"
    kept, ended = report.claims_unchanged, report.claims_superseded
    yield f"  claims     {report.claims_new} new, {kept} unchanged, {ended} superseded"
    yield f"  sentences  {report.sentences_with_facts} with facts, {len(silent)} without"
    for sentence in silent:
        yield f"             - {sentence if len(sentence) <= _LONGEST else sentence[: _LONGEST - 1] + '…'}"
    yield f"  took       {report.seconds:.2f} s"


def refused(folder: Path, error: RefusedError) -> Iterator[str]:
    """Why a source is refused: each problem in a line of its own."""
    count = len(error.problems)
    yield f"filmspace: {folder} is refused, and nothing of it is stored: {count} problem{'s'[: count != 1]}"
    for problem in error.problems:
        yield f"  {problem}"
