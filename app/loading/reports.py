"""What a load did, or why it was refused, in lines for a person."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.loading.corrections import Reverified
from app.loading.load import LoadReport
from app.loading.problems import RefusedError

_LONGEST = 90


def told(report: LoadReport) -> Iterator[str]:
    """What a load did."""
    if report.is_unchanged:
        claims, entities = report.claims_unchanged, report.entities_known
        about = f"{entities} entit{'y' if entities == 1 else 'ies'}"
        yield f"{report.slug}: unchanged ({claims} claim{'s'[: claims != 1]} on {about})"
        return
    yield f"{report.slug}: version {report.version} is loaded"
    yield f"  entities   {report.entities_new} new, {report.entities_known} known"
    for same, revision in report.same:
        yield f"             - {same.entity} is {same.held}: both have {same.identifier} (revision {revision})"
    for like in report.alike:
        yield f"             - {like.entity} may be {like.held}, '{cut(like.name)}', which is called the same"
    kept, ended = report.claims_unchanged, report.claims_superseded
    yield f"  claims     {report.claims_new} new, {kept} unchanged, {ended} superseded"
    for problem in report.left_out:
        yield f"             - {problem}"
    if report.is_corrected:
        yield f"  words      {_words(report.reverified)}"
        for one in report.reverified:
            if one.words == "orphaned":
                fate = "ended" if one.fact in report.ended else "still stated, in other words"
                yield f"             - {one}: {fate}; '{cut(one.quote)}' is no longer there"
    yield f"  sentences  {report.sentences_with_facts} with facts, {len(report.silent)} without"
    for _, _, sentence in report.silent:
        yield f"             - {cut(sentence)}"


def refused(folder: Path, error: RefusedError) -> Iterator[str]:
    """Why a source is refused: each problem in a line of its own."""
    count = len(error.problems)
    yield f"filmspace: {folder} is refused, and nothing of it is stored: {count} problem{'s'[: count != 1]}"
    for problem in error.problems:
        yield f"  {problem}"
    if error.reverified:
        yield f"  Its text is corrected; {_words(error.reverified)}."
    if error.left_out:
        yield "  This is wrong without the claims that `--drop-orphaned` leaves out:"
        for one in error.left_out:
            yield f"  {one}"
    elif any(one.words == "orphaned" for one in error.reverified):
        yield "  `--dry-run` tells of each claim which; `--drop-orphaned` loads the correction without those orphaned."


def _words(reverified: Sequence[Reverified]) -> str:
    counts = Counter(one.words for one in reverified)
    found = f"{counts['unchanged']} unchanged, {counts['moved']} moved, {counts['orphaned']} orphaned"
    return f"the words of the version before: {found}"


def cut(text: str) -> str:
    """A text that fits in a line."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
