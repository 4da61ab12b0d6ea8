"""Draft the claims of an article, for a person to review."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import fail, get_settings, opened

if TYPE_CHECKING:
    from app.drafting import Drafter

_LARGEST = 5_000_000


def draft(
    article: Annotated[Path, typer.Argument(help="The article as a text file, its folder, or - for standard input.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write; - prints it. Default: claims.yaml beside the article."),
    ] = None,
    llm: Annotated[
        tuple[str, str] | None,
        typer.Option("--llm", metavar="URL MODEL", help="Ask an OpenAI-compatible chat endpoint, too."),
    ] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Only names that are held, and dates: quickly.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Replace a file that is still a draft.")] = False,
) -> None:
    """Draft the claims of an article: a claims.yaml, which is loaded only once it is reviewed."""
    from app.drafting import draft as drafted
    from app.drafting.endpoint import EndpointError
    from app.drafting.writing import written
    from app.loading.header import ARTICLE, CLAIMS

    path = article / ARTICLE if article.is_dir() else article
    is_piped = str(article) == "-"
    there = output or (Path("-") if is_piped else path.parent / CLAIMS)
    if str(there) != "-":
        _refuse_to_replace(there, is_again=again)
    text = _read(None if is_piped else path)
    _refuse_header(path, text)
    drafters = _drafters(llm, is_model_wanted=not no_model)
    with opened(get_settings()).connect() as connection:
        try:
            made = drafted(connection, text, "" if is_piped else path.resolve().parent.name, drafters)
        except EndpointError as error:
            fail(str(error))
    count = len(made.proposals)
    _write(there, written(made), f"{count} proposal{'s'[: count != 1]}, {made.rejected_count} rejected")


def _write(there: Path, content: str, told: str) -> None:
    if str(there) == "-":
        typer.echo(content.encode(), nl=False)
        return
    try:
        there.write_text(content, encoding="utf-8")
    except OSError as error:
        fail(f"{there} cannot be written ({error.strerror})")
    typer.echo(f"{there}: {told}. Read it beside the article; it is loaded when it says status: reviewed")


def _drafters(llm: tuple[str, str] | None, *, is_model_wanted: bool) -> "list[Drafter]":
    """What is asked besides the names and dates: the small model, where it is installed, and an endpoint."""
    from app.drafting import Drafter, model
    from app.drafting.endpoint import Endpoint, EndpointError

    found: list[Drafter] = []
    if is_model_wanted and model.is_installed():
        from app.drafting.reading import Reader

        found.append(Reader())
    elif is_model_wanted:
        told = "without the extra `draft` only names that are held, and dates, are looked for"
        typer.echo(f"filmspace: {told}; `pip install -e '.[draft]'` brings it, --no-model does without", err=True)
    if llm:
        settings = get_settings()
        key = settings.llm_key.get_secret_value() if settings.llm_key else None
        try:
            found.append(Endpoint(*llm, key=key, timeout=settings.llm_timeout))
        except EndpointError as error:
            fail(str(error))
    return found


def _read(path: Path | None) -> str:
    """The article, as it will be stored."""
    from app.passages import PassageError, normalise

    if path and path.exists() and not path.is_file():
        fail(f"{path} is no file; expected an article as a text file, or - for standard input")
    try:
        with path.open("rb") if path else sys.stdin.buffer as file:
            raw = file.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            fail(f"{path or 'the text'} has more than {_LARGEST} bytes; expected one article")
        return normalise(raw)
    except OSError as error:
        fail(f"{path} cannot be read ({error.strerror}); expected an article as a text file")
    except PassageError as error:
        fail(f"{path or 'standard input'}: {error}")


def _refuse_header(path: Path, text: str) -> None:
    """What is said of the source is told wrong before anything is computed from it, as a load would."""
    from app.loading.header import SeedSource, described, header_lines, split_header
    from app.loading.problems import Problem

    problems: list[Problem] = []
    described(split_header(text)[1], SeedSource(), header_lines(text, problems), problems)
    if problems:
        fail(f"{path}: " + "; ".join(one.message for one in problems))


def _refuse_to_replace(path: Path, *, is_again: bool) -> None:
    """Somebody's work is not written over: what is no draft any more never, and a draft only when that is asked for."""
    if not path.exists():
        return
    try:
        is_draft = path.is_file() and re.search(r"^status: *['\"]?draft\b", path.read_text("utf-8"), re.MULTILINE)
    except (OSError, UnicodeError):
        is_draft = None
    if not is_draft:
        fail(f"{path} is there already and is no draft; name another file with -o, or - to print")
    if not is_again:
        fail(
            f"{path} is there already, a draft that may have been worked on; --again replaces it, -o names another file"
        )
