"""One typed settings object, from arguments, environment and `[tool.enrich]` or `enrich.toml`.

Precedence: arguments, then environment, then `enrich.toml`, then `[tool.enrich]` of the
`pyproject.toml` in the working directory, then the defaults here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from enrich.errors import UsageError

ARXIV_URL = "https://export.arxiv.org/api/query"
S2_URL = "https://api.semanticscholar.org/graph/v1"

Days = Annotated[float, Field(ge=0, le=3650)]
Seconds = Annotated[float, Field(ge=0, le=3600)]


def _env(name: str, field: str) -> AliasChoices:
    return AliasChoices(field, name)


class Settings(BaseSettings):
    """Everything a run can be told; each field names its environment variable."""

    model_config = SettingsConfigDict(
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        toml_file="enrich.toml",
        pyproject_toml_table_header=("tool", "enrich"),
    )

    arxiv_url: str = Field(ARXIV_URL, validation_alias=_env("ENRICH_ARXIV_URL", "arxiv_url"))
    s2_url: str = Field(S2_URL, validation_alias=_env("ENRICH_S2_URL", "s2_url"))
    # arXiv's terms of use: one request every three seconds, over all of a person's machines.
    arxiv_interval: Seconds = Field(
        3.0, validation_alias=_env("ENRICH_ARXIV_INTERVAL", "arxiv_interval")
    )
    # None: 1 s with a key (Semantic Scholar's published limit), 6.5 s without, the spacing that one
    # client measured as sustainable in the shared pool.
    s2_interval_given: Seconds | None = Field(
        None, validation_alias=_env("ENRICH_S2_INTERVAL", "s2_interval")
    )
    s2_api_key: SecretStr | None = Field(None, validation_alias=_env("S2_API_KEY", "s2_api_key"))
    contact: str | None = Field(None, validation_alias=_env("ENRICH_CONTACT", "contact"))
    store_path: Path | None = Field(None, validation_alias=_env("ENRICH_STORE", "store"))
    out_path: Path | None = Field(None, validation_alias=_env("ENRICH_OUT", "out"))
    index_path: Path | None = Field(None, validation_alias=_env("ENRICH_INDEX", "index"))
    # How long what was fetched counts as fresh, in days, by kind.
    metadata_days: Days = Field(
        21.0, validation_alias=_env("ENRICH_METADATA_DAYS", "metadata_days")
    )
    counts_days: Days = Field(1.0, validation_alias=_env("ENRICH_COUNTS_DAYS", "counts_days"))
    miss_days: Days = Field(7.0, validation_alias=_env("ENRICH_MISS_DAYS", "miss_days"))
    # A bound on all waiting and retrying for one service in one run.
    patience: Annotated[float, Field(gt=0)] = Field(
        900.0, validation_alias=_env("ENRICH_PATIENCE", "patience")
    )
    sandbox: bool = False
    offline: bool = False
    refresh: bool = False

    @field_validator("s2_api_key", "contact", "store_path", "out_path", "index_path", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("arxiv_url", "s2_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an http:// or https:// address")
        return value.rstrip("/")

    @field_validator("contact")
    @classmethod
    def _fits_a_header(cls, value: str | None) -> str | None:
        if value is not None and not (value.isascii() and value.isprintable()):
            raise ValueError("must be printable ASCII, it goes into the User-Agent header")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of precedence, first wins."""
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls),
            PyprojectTomlConfigSettingsSource(settings_cls),
        )

    @property
    def s2_interval(self) -> float:
        """Seconds between two requests to Semantic Scholar."""
        if self.s2_interval_given is not None:
            return self.s2_interval_given
        return 1.0 if self.s2_api_key else 6.5

    @property
    def realm(self) -> Literal["live", "sandbox"]:
        """Whose data this is: a stand-in on loopback shares neither store nor output with live."""
        hosts = {urlsplit(url).hostname or "" for url in (self.arxiv_url, self.s2_url)}
        loopback = any(h in ("localhost", "::1") or h.startswith("127.") for h in hosts)
        return "sandbox" if self.sandbox or loopback else "live"

    @property
    def mode(self) -> Literal["live", "sandbox", "offline"]:
        """As it stands in the manifest; the sandbox says so even when offline."""
        if self.realm == "sandbox":
            return "sandbox"
        return "offline" if self.offline else "live"

    @property
    def out(self) -> Path:
        """The root under which snapshots are published."""
        default = Path("data/sandbox") if self.realm == "sandbox" else Path("data/enriched")
        return self.out_path or default

    @property
    def store(self) -> Path:
        """The store's file: one for the machine when live, beside the output for a sandbox."""
        if self.store_path:
            return self.store_path
        if self.realm == "sandbox":
            return self.out / ".store" / "store.sqlite"
        home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
        return Path(home) / "enrich" / "store.sqlite"


def load_settings(**arguments: object) -> Settings:
    """Settings from `arguments` (None means not given), environment and files.

    Raises UsageError that names the variable, the value's rule and never a secret's value.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic validates what it is given
    except ValidationError as error:
        raise UsageError("; ".join(_sentence(detail) for detail in error.errors())) from None


def _sentence(detail: object) -> str:
    assert isinstance(detail, dict)
    name = ".".join(str(part) for part in detail["loc"])
    shown = "" if name == "S2_API_KEY" else f" is {detail.get('input')!r}, which"
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"The setting {name}{shown} cannot be used: {message[:1].lower()}{message[1:]}."
