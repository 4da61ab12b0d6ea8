"""Every knob of the project, read from the environment or a `.env` file, prefix FILMSPACE_."""

import getpass
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_ROOT = Path(__file__).parent.parent


def _user() -> str:
    """Who runs this; a container's numeric user has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "filmspace"


class Settings(BaseSettings):
    """The settings in force. Each is documented in docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="FILMSPACE_", env_file=".env", extra="ignore", use_attribute_docstrings=True, frozen=True
    )

    database_url: str = "sqlite:///filmspace.db"
    """Where the knowledge base is stored: an SQLAlchemy URL."""

    seeds: Path = _ROOT / "seeds"
    """The folder of source folders that `serve` loads at its start."""

    host: str = "127.0.0.1"
    """The address that `serve` listens on."""

    port: int = Field(default=8000, ge=0, le=65535)
    """The port that `serve` listens on; 0 takes any free one."""

    workers: int = Field(default=1, ge=1, le=64)
    """How many processes `serve` answers with."""

    actor: str = Field(default_factory=_user)
    """Who is named in the change log as having loaded or withdrawn a source; the operating system's user by default."""


@cache
def get_settings() -> Settings:
    """The settings of this process. Raises pydantic.ValidationError for a value that is no such setting."""
    return Settings()
