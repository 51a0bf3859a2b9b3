"""One typed settings object, from arguments, environment and `[tool.enrich]` or `enrich.toml`.

Precedence: arguments, then environment, then `enrich.toml`, then `[tool.enrich]` of the
`pyproject.toml` in the working directory, then the defaults here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
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
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=3600)]


def _realm(data: dict[str, Any]) -> Literal["live", "sandbox"]:
    hosts = {urlsplit(data.get(name, "")).hostname or "" for name in ("arxiv_url", "s2_url")}
    loopback = any(h in ("localhost", "::1") or h.startswith("127.") for h in hosts)
    return "sandbox" if data.get("sandbox") or loopback else "live"


def _out(data: dict[str, Any]) -> Path:
    return Path("data/sandbox") if _realm(data) == "sandbox" else Path("data/enriched")


def _store(data: dict[str, Any]) -> Path:
    if _realm(data) == "sandbox":
        return Path(data.get("out", ".")) / ".store" / "store.sqlite"
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "enrich" / "store.sqlite"


def _s2_interval(data: dict[str, Any]) -> float:
    # 1 s is Semantic Scholar's published limit for a key; 6.5 s is the spacing that one client
    # measured as sustainable in the pool that everyone without a key shares.
    return 1.0 if data.get("s2_api_key") else 6.5


class Settings(BaseSettings):
    """Every setting of a run.

    A field `name` is the environment's `ENRICH_NAME` and the key `name` in the files; the key for
    Semantic Scholar is `S2_API_KEY`. Later fields take their defaults from earlier ones.
    """

    model_config = SettingsConfigDict(
        env_prefix="ENRICH_",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        toml_file="enrich.toml",
        pyproject_toml_table_header=("tool", "enrich"),
    )

    # How much may change between two snapshots before one is held back: see `gates.GateLimits`.
    gate_lost_share: Share = 0.10
    gate_count_drop: Share = 0.10
    gate_fallen_share: Share = 0.10
    sandbox: bool = False
    offline: bool = False
    refresh: bool = False
    arxiv_url: str = ARXIV_URL
    s2_url: str = S2_URL
    s2_api_key: SecretStr | None = Field(None, validation_alias="S2_API_KEY")
    # arXiv's terms of use: one request every three seconds, over all of a person's machines.
    arxiv_interval: Seconds = 3.0
    s2_interval: Seconds = Field(default_factory=_s2_interval)
    contact: str | None = None
    # The root under which snapshots are published.
    out: Path = Field(default_factory=_out)
    # One store for the machine when live, as the limits are; beside the output for a sandbox.
    store: Path = Field(default_factory=_store)
    index: Path | None = None
    # Whether a run ends with writing the HTML report.
    report: bool = True
    # How long what was fetched counts as fresh, by kind.
    metadata_days: Days = 21.0
    counts_days: Days = 1.0
    miss_days: Days = 7.0
    # Seconds: a bound on all waiting and retrying for one service in one run.
    patience: Annotated[float, Field(gt=0)] = 900.0

    @field_validator("arxiv_url", "s2_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an http:// or https:// address")
        return value.rstrip("/")

    @field_validator("contact", "s2_api_key")
    @classmethod
    def _fits_a_header(cls, value: str | SecretStr | None) -> str | SecretStr | None:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if text is not None and not (text.isascii() and text.isprintable()):
            raise ValueError("must be printable ASCII, it goes into a header of each request")
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
    def realm(self) -> Literal["live", "sandbox"]:
        """live or sandbox (services on loopback); the two share neither store nor output."""
        return _realm(self.model_dump(include={"sandbox", "arxiv_url", "s2_url"}))

    @property
    def mode(self) -> Literal["live", "sandbox", "offline"]:
        """The mode recorded in the manifest; an offline sandbox is `sandbox`."""
        if self.realm == "sandbox":
            return "sandbox"
        return "offline" if self.offline else "live"


def load_settings(**arguments: object) -> Settings:
    """Settings from `arguments` (None means not given), environment and files.

    Raises UsageError that names the setting and its rule, and never a secret's value.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic validates what it is given
    except ValidationError as error:
        details = [d for d in error.errors() if d["type"] != "default_factory_not_called"]
        raise UsageError(" ".join(_sentence(detail) for detail in details)) from None
    except ValueError as error:  # a settings file that is not TOML
        raise UsageError(f"enrich.toml or pyproject.toml cannot be read: {error}.") from None


def _sentence(detail: Any) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"There is no setting '{name}': see the README for the names."
    rule = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    shown = "" if name in ("S2_API_KEY", "s2_api_key") else f" is {detail.get('input')!r}, but"
    variable = name if name.isupper() else f"ENRICH_{name.upper()} ({name} in a file)"
    return f"{variable}{shown} {rule[:1].lower()}{rule[1:]}."
