"""Lines of the log: what happened, one line each, for people or, as JSON, for programs."""

import re
from typing import Any, Literal
from urllib.parse import unquote

Form = Literal["console", "json"]

REQUESTS, SERVING = "filmspace.requests", "filmspace.serve"
# What `filmspace token` makes. It belongs into a header, but some write it into a URL.
_TOKEN = re.compile(r"filmspace_[\w-]{4,}")
_CONSOLE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def config(form: Form, *, requests: bool) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes: everything to standard error, each request only if that is wanted."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "console": {"format": _CONSOLE},
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": ["timestamp", "levelname", "name", "message"],
                "rename_fields": {"levelname": "level", "name": "logger", "exc_info": "traceback"},
                "timestamp": True,
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {REQUESTS: {"level": "INFO" if requests else "WARNING"}, SERVING: {"level": "INFO"}},
    }


def one_line(written: bytes) -> str:
    """What a client wrote, so that it cannot end a line or steer a terminal: all but plain ASCII is escaped.

    Where a token stands in a URL, in whatever encoding, the line has the rest of the URL decoded.
    """
    text = written.decode("latin-1")
    decoded = unquote(unquote(text, "latin-1"), "latin-1")  # whoever reads the line may decode it once more
    if has_token(decoded):
        text = without_tokens(decoded)
    return text.encode("unicode_escape").decode("ascii")


def has_token(text: str) -> bool:
    """Whether there is what looks like a token of ours."""
    return _TOKEN.search(text) is not None


def without_tokens(text: str) -> str:
    """The text with what looks like a token of ours cut out."""
    return _TOKEN.sub("filmspace_***", text)
