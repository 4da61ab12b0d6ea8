"""Every knob of the project, read from the environment or a `.env` file, prefix FILMSPACE_."""

import getpass
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.logs import Form

_ROOT = Path(__file__).parent.parent


def _listed(value: Any) -> Any:
    """What is separated by commas, one by one."""
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value


def _quoted(url: str) -> str:
    """A database's URL, refused where its user or password is misquoted, so that a part of it would be told as a host.

    The path of a SQLite database may hold anything.
    """
    told, is_user, _ = url.partition("://")[2].partition("@")
    name = told.partition(":")[0]
    if not url.startswith("sqlite") and (url.count("@") > 1 or (is_user and "/" in name and "?" not in name)):
        text = (
            "expected user and password percent-encoded, with %40 for @, %2F for /, %3A for :, %3F for ? and %25 for %"
        )
        raise PydanticCustomError("misquoted", text)
    return url


def _user() -> str:
    """Who runs this; a container's numeric user has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "filmspace"


DatabaseUrl = Annotated[str, AfterValidator(_quoted)]


class Settings(BaseSettings):
    """The settings in force. Each is documented in docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="FILMSPACE_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: DatabaseUrl = "sqlite:///filmspace.db"
    """Where the knowledge base is stored: an SQLAlchemy URL."""

    read_database_url: DatabaseUrl | None = None
    """Where what only reads finds it, such as its streaming replicas; by default where it is stored."""

    seeds: Path = _ROOT / "seeds"
    """The folder of source folders that `serve` loads at its start."""

    explorer: Path = _ROOT / "app" / "explorer"
    """The folder with the explorer, as npm builds it; without it a browser gets a plain page at `/`."""

    host: str = "127.0.0.1"
    """The address that `serve` listens on."""

    port: int = Field(default=8000, ge=0, le=65535)
    """The port that `serve` listens on; 0 takes any free one."""

    workers: int = Field(default=1, ge=1, le=64)
    """How many processes `serve` answers with."""

    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_listed)] = ()
    """The addresses or networks, separated by commas, of reverse proxies whose X-Forwarded-* are believed."""

    max_url_bytes: int = Field(default=32768, ge=256)
    """The longest path and query together that is answered, in bytes."""

    max_body_bytes: int = Field(default=1_000_000, ge=1024)
    """The largest body that is read, in bytes."""

    max_head_bytes: int = Field(default=65536, ge=1024)
    """The longest head of a request that is read, its URL and headers together, in bytes."""

    max_connections: int = Field(default=2000, ge=1)
    """How many connections each process keeps open."""

    max_waiting: int = Field(default=64, ge=1)
    """How many requests wait for their turn in each process, where they cannot be answered at once."""

    client_seconds: float = Field(default=20, gt=0, le=3600)
    """How long a client may take to send a request, or to read what was sent, in seconds."""

    query_seconds: float = Field(default=10, gt=0, le=3600)
    """How long reading the database may take for one answer, in seconds."""

    shutdown_seconds: float = Field(default=8, ge=0, le=3600)
    """How long requests in flight may take when the server is told to stop, in seconds."""

    cache_bytes: int = Field(default=64_000_000, ge=0)
    """How many bytes of answers each process keeps ready to be sent again while the data is the same; 0 for none."""

    preview: bool = True
    """Whether anybody may ask `POST /sources/preview` what loading a source would do."""

    mcp_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ("127.0.0.1", "localhost", "[::1]")
    """The hosts, separated by commas, under whose names `/mcp` answers, on any port; none turns it off."""

    log_format: Form = "console"
    """How `serve` writes its log on standard error: `console`, for people, or `json`, one object a line."""

    log_requests: bool = False
    """Whether that has a line for each request."""

    metrics_folder: Path | None = None
    """Where the processes of one server leave what they count, so that each tells it of all; `serve` makes one."""

    llm_key: SecretStr | None = None
    """The key that `draft --llm` shows to the endpoint, if that wants one."""

    llm_timeout: float = Field(default=120, gt=0, le=3600)
    """How many seconds the endpoint may take for a reply."""

    actor: str = Field(default_factory=_user)
    """Who is named in the change log as having loaded or withdrawn a source; the operating system's user by default."""

    @property
    def read_url(self) -> str:
        """The database that is read from."""
        return self.read_database_url or self.database_url


@cache
def get_settings() -> Settings:
    """The settings of this process. Raises pydantic.ValidationError for a value that is no such setting."""
    return Settings()
