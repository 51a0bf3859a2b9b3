"""One typed settings object, from arguments, environment and `[tool.enrich]` or `enrich.toml`.

Precedence: arguments, then environment, then `enrich.toml`, then `[tool.enrich]` of the
`pyproject.toml` in the working directory, then the defaults here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from enrich.errors import UsageError
from enrich.io.addresses import is_loopback, origin, without_credentials

ARXIV_URL = "https://export.arxiv.org/api/query"
S2_URL = "https://api.semanticscholar.org/graph/v1"

Days = Annotated[float, Field(ge=0, le=3650)]
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=3600)]


def _realm(data: dict[str, Any]) -> Literal["live", "sandbox"]:
    loopback = any(is_loopback(data.get(name, "")) for name in ("arxiv_url", "s2_url"))
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

    gate_lost_share: Share = Field(
        0.10, description="Hold a snapshot back when more than this share of the papers is lost."
    )
    gate_count_drop: Share = Field(
        0.10, description="A citation count that drops by more than this share has fallen."
    )
    gate_fallen_share: Share = Field(
        0.10, description="Hold a snapshot back when more than this share of counts has fallen."
    )
    gate_same_list: bool = Field(
        True,
        description="Hold a snapshot back that shares nothing with the last one of its name.",
    )
    sandbox: bool = Field(
        False,
        description="Use the embedded stand-in services on loopback instead of the live ones.",
    )
    offline: bool = Field(False, description="Use only what the local store holds.")
    refresh: bool = Field(False, description="Fetch everything again, however fresh.")
    arxiv_url: str = Field(ARXIV_URL, description="Address of arXiv's query interface.")
    s2_url: str = Field(S2_URL, description="Address of Semantic Scholar's Graph API.")
    s2_api_key: SecretStr | None = Field(
        None,
        validation_alias="S2_API_KEY",
        description="Key for Semantic Scholar; sent to its host only, written nowhere.",
    )
    # arXiv's terms of use: one request every three seconds, over all of a person's machines.
    arxiv_interval: Seconds = Field(3.0, description="Seconds between requests to arXiv.")
    s2_interval: Seconds = Field(
        default_factory=_s2_interval,
        description="Seconds between requests to Semantic Scholar: 1 with a key, 6.5 without.",
    )
    contact: str | None = Field(
        None, description="E-mail address in the User-Agent; both services ask for one."
    )
    out: Path = Field(
        default_factory=_out,
        description="Root folder of the snapshots: data/enriched, or data/sandbox for the sandbox.",
    )
    # One store for the machine when live, as the limits are; beside the output for a sandbox.
    store: Path = Field(
        default_factory=_store,
        description="Local store of what was fetched and of the rate limits' state: "
        "~/.local/share/enrich/store.sqlite, or beside the output for the sandbox.",
    )
    index: Path | None = Field(None, description="Local index to resolve from first.")
    references: bool = Field(
        False,
        description="Whether a run also asks which works the papers reference, and suggests some.",
    )
    report: bool = Field(True, description="Whether a run ends with writing the HTML report.")
    metadata_days: Days = Field(21.0, description="Days for which fetched metadata is fresh.")
    counts_days: Days = Field(1.0, description="Days for which citation counts are fresh.")
    miss_days: Days = Field(7.0, description="Days for which a paper not found is not asked again.")
    patience: Annotated[float, Field(gt=0)] = Field(
        900.0,
        description="Seconds of waiting and retrying for one service in one run, at most.",
    )
    title_searches: Share = Field(
        0.125,
        description="Share of a list's entries whose titles one run searches one at a time, two "
        "at least; the others wait for the next run.",
    )

    @field_validator("arxiv_url", "s2_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        try:
            origin(value)
        except ValueError:
            raise ValueError(
                "must be an http:// or https:// address with a host and, if any, a port number"
            ) from None
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


# Variables with the prefix that are read elsewhere: the flows' command, the notebooks' list.
_OTHER_VARIABLES = ("ENRICH_ON_FAILURE", "ENRICH_LIST")
# difflib's ratio, without the prefix, from which on an unknown name is taken for a misspelt one:
# two swapped letters in the shortest (OTU for OUT) give 0.67, unrelated names at most 0.45.
_MISSPELT = 0.65


def unknown_variables() -> Iterator[tuple[str, str | None]]:
    """Each ENRICH_… variable of the environment that is no setting, with the name it resembles."""
    variables = {name.upper(): f"ENRICH_{name.upper()}" for name in Settings.model_fields}
    variables["S2_API_KEY"] = "S2_API_KEY"
    for name in sorted(os.environ):
        prefix, _, rest = name.upper().partition("_")
        if prefix != "ENRICH" or f"ENRICH_{rest}" in (*variables.values(), *_OTHER_VARIABLES):
            continue
        close = get_close_matches(rest, variables, n=1, cutoff=_MISSPELT)
        yield name, variables[close[0]] if close else None


def load_settings(**arguments: object) -> Settings:
    """Settings from `arguments` (None means not given), environment and files.

    Raises UsageError that names the setting and its rule, and never a secret's value.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    for name, meant in unknown_variables():
        if meant is not None:
            raise UsageError(f"There is no setting {name}: did you mean {meant}?")
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic validates what it is given
    except ValidationError as error:
        details = [d for d in error.errors() if d["type"] != "default_factory_not_called"]
        raise UsageError(" ".join(_sentence(detail) for detail in details)) from None
    except ValueError as error:  # a settings file that is not TOML
        raise UsageError(f"enrich.toml or pyproject.toml cannot be read: {error}.") from None
    if settings.offline and settings.refresh:
        raise UsageError(
            "offline and refresh exclude each other: the one makes no request, the other asks for "
            "everything again. Leave one of them out."
        )
    return settings


def _sentence(detail: Any) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        close = get_close_matches(name, Settings.model_fields, n=1, cutoff=_MISSPELT)
        hint = f"did you mean '{close[0]}'?" if close else "see the README for the names."
        return f"There is no setting '{name}': {hint}"
    rule = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    given = detail.get("input")
    if isinstance(given, str):
        given = without_credentials(given)
    shown = "" if name in ("S2_API_KEY", "s2_api_key") else f" is {given!r}, but"
    variable = name if name.isupper() else f"ENRICH_{name.upper()} ({name} in a file)"
    return f"{variable}{shown} {rule[:1].lower()}{rule[1:]}."
