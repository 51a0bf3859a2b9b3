"""What people have decided about entries: read from TOML, checked, applied before anything else.

[[override]]
entry = "tsm-temporal-shift-module"      # an entry_id, or the title as the list gives it
pin = "arxiv:1811.08383"                 # or: reject = ["s2:…"] | absent = true | kind = "code"
reason = "The list links the wrong version."
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, get_args

from enrich.errors import OverrideError
from enrich.records import Entry, Issue, Kind, Override
from enrich.titles import title_key

FILE: Final = "overrides.toml"
_KEYS: Final = frozenset({"entry", "reason", "pin", "reject", "absent", "kind"})
_ID: Final = re.compile(r"(?:arxiv|doi|s2|corpus):\S+")


def load_overrides(folder: Path, list_slug: str) -> tuple[Override, ...]:
    """The overrides of all lists, then of this one (`<slug>.overrides.toml`): the last wins.

    Raises OverrideError that names the file and the key.
    """
    found: list[Override] = []
    for path in (folder / FILE, folder / f"{list_slug}.{FILE}"):
        if path.is_file():
            found += parse_overrides(path.read_bytes(), str(path))
    return tuple(found)


def parse_overrides(data: bytes, name: str) -> tuple[Override, ...]:
    """The overrides of one file's bytes; `name` stands in the errors."""
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OverrideError(f"{name} is not TOML in UTF-8: {error}.") from None
    if extra := sorted(set(document) - {"override"}):
        raise OverrideError(f"{name}: {extra[0]!r} is not known; write tables [[override]].")
    tables = document.get("override", [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise OverrideError(f"{name}: 'override' must be tables, each headed [[override]].")
    overrides = [_override(table, f"{name}, override {n}") for n, table in enumerate(tables, 1)]
    seen: set[str] = set()
    for override in overrides:
        if override.entry in seen:
            raise OverrideError(f"{name}: {override.entry!r} is overridden twice; keep one.")
        seen.add(override.entry)
    return tuple(overrides)


def _override(table: dict[str, Any], where: str) -> Override:
    if extra := sorted(set(table) - _KEYS):
        raise OverrideError(f"{where}: {extra[0]!r} is not known; use {', '.join(sorted(_KEYS))}.")
    for key in ("entry", "reason"):
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise OverrideError(f"{where}: {key!r} is missing; every override needs it as text.")
    actions = [key for key in ("pin", "reject", "absent", "kind") if key in table]
    if len(actions) != 1:
        raise OverrideError(
            f"{where}: needs exactly one of pin, reject, absent, kind; has {len(actions)}."
        )
    reject = table.get("reject", [])
    reject = [reject] if isinstance(reject, str) else reject
    pin = table.get("pin")
    for value in (
        [*reject, *([pin] if "pin" in table else [])] if isinstance(reject, list) else [reject]
    ):
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise OverrideError(
                f"{where}: {actions[0]!r} has {value!r}; write arxiv:…, doi:…, s2:… or corpus:…."
            )
    if "reject" in table and not reject:
        raise OverrideError(f"{where}: 'reject' names no id.")
    if "absent" in table and table["absent"] is not True:
        raise OverrideError(f"{where}: 'absent' can only be true.")
    if "kind" in table and table["kind"] not in get_args(Kind):
        raise OverrideError(f"{where}: 'kind' must be one of {', '.join(get_args(Kind))}.")
    return Override(
        table["entry"].strip(), table["reason"].strip(), pin, tuple(reject),
        table.get("absent", False), table.get("kind"),
    )  # fmt: skip


def apply_overrides(
    entries: Sequence[Entry], overrides: Sequence[Override]
) -> tuple[tuple[Entry, ...], dict[str, Override], tuple[Issue, ...]]:
    """The entries with their kinds set, the overrides by entry_id, and what is wrong with them.

    An override of no entry of this list is stale; one whose title fits several is not applied.
    """
    by_id = {e.entry_id: e for e in entries}
    by_title: dict[str, list[Entry]] = {}
    for entry in entries:
        by_title.setdefault(title_key(entry.title), []).append(entry)
    chosen: dict[str, Override] = {}
    issues: list[Issue] = []
    for override in overrides:
        found = [by_id[override.entry]] if override.entry in by_id else by_title.get(
            title_key(override.entry), []
        )  # fmt: skip
        if len(found) == 1:
            chosen[found[0].entry_id] = override
        else:
            issues.append(_misfit(override, len(found)))
    kinds: Mapping[str, Kind] = {i: o.kind for i, o in chosen.items() if o.kind is not None}
    settled = tuple(
        replace(
            e, kind=kinds[e.entry_id], kind_reason=f"a person said so: {chosen[e.entry_id].reason}"
        )
        if e.entry_id in kinds
        else e
        for e in entries
    )
    return settled, chosen, tuple(issues)


def _misfit(override: Override, count: int) -> Issue:
    if count == 0:
        message = f"The override for {override.entry!r} fits no entry of this list."
        return Issue("warning", "stale_override", message, suggestion="Correct or remove it.")
    message = f"The override for {override.entry!r} fits {count} entries and was not applied."
    return Issue("warning", "stale_override", message, suggestion="Name the entry_id instead.")
