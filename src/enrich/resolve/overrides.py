"""What people have decided about entries: read from TOML, checked, applied before anything else.

[[override]]
entry = "tsm-temporal-shift-module"      # an entry_id, or the title as the list gives it
pin = "arxiv:1811.08383"                 # or: reject = ["s2:…"] | absent = true | kind = "code"
reason = "The list links the wrong version."
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, get_args

import tomlkit

from enrich.errors import OverrideError
from enrich.io.atomic_files import replace_file
from enrich.papers.identifiers import ASKABLE, id_keys, parse_key
from enrich.papers.titles import Title
from enrich.records import Entry, Issue, Kind, Override

FILE: Final = "overrides.toml"
_KEYS: Final = frozenset({"entry", "reason", "pin", "reject", "absent", "kind"})
_ACTIONS: Final = ("pin", "reject", "absent", "kind")
# Only what a service can be asked for can be pinned.
_KINDS: Final = frozenset(kind.name for kind in ASKABLE)


def load_overrides(folder: Path, list_slug: str) -> tuple[Override, ...]:
    """The overrides of all lists, then of this one (`<slug>.overrides.toml`): the last wins.

    Raises OverrideError that names the file and the key.
    """
    paths = files_of(folder, list_slug)
    return tuple(o for path in paths for o in parse_overrides(path.read_bytes(), str(path)))


def files_of(folder: Path, list_slug: str) -> list[Path]:
    """The files that hold for a list: that of all lists first, then its own."""
    paths = (folder / FILE, folder / f"{list_slug}.{FILE}")
    return [path for path in paths if path.is_file()]


def tables_of(data: bytes, name: str, kind: str) -> list[dict[str, Any]]:
    """The tables `[[kind]]` of one file's bytes; `name` stands in the errors.

    Raises OverrideError for anything but TOML tables `[[override]]` and `[[decline]]`.
    """
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise OverrideError(
            f"{name} nests its values too deeply; write tables [[override]]."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OverrideError(f"{name} is not TOML in UTF-8: {error}.") from None
    if extra := sorted(set(document) - {"override", "decline"}):
        raise OverrideError(
            f"{name}: {extra[0]!r} is not known; write [[override]] or [[decline]]."
        )
    tables = document.get(kind, [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise OverrideError(f"{name}: {kind!r} must be tables, each headed [[{kind}]].")
    return tables


def with_table(old: bytes, kind: str, table: dict[str, Any]) -> bytes:
    """A file's bytes with a table `[[kind]]` added at the end."""
    gap = b"" if not old else b"\n" if old.endswith(b"\n") else b"\n\n"
    return old + gap + f"[[{kind}]]\n{tomlkit.dumps(table)}".encode()


def parse_overrides(data: bytes, name: str) -> tuple[Override, ...]:
    """The overrides of one file's bytes; `name` stands in the errors."""
    tables = tables_of(data, name, "override")
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
    actions = [key for key in _ACTIONS if key in table]
    if len(actions) != 1:
        raise OverrideError(
            f"{where}: needs exactly one of {', '.join(_ACTIONS)}; has {len(actions)}."
        )
    action, value = actions[0], table[actions[0]]
    override = Override(table["entry"].strip(), table["reason"].strip())
    if action == "pin":
        return replace(override, pin=_id(value, f"{where}, 'pin'"))
    if action == "reject":
        values = value if isinstance(value, list) else [value]
        if not values:
            raise OverrideError(f"{where}: 'reject' names no id.")
        ids = tuple(dict.fromkeys(_id(one, f"{where}, 'reject'") for one in values))
        return replace(override, reject=ids)
    if action == "absent":
        if value is not True:
            raise OverrideError(f"{where}: 'absent' is {value!r}, it can only be true.")
        return replace(override, absent=True)
    if value not in get_args(Kind):
        raise OverrideError(
            f"{where}: 'kind' is {value!r}, it must be one of {', '.join(get_args(Kind))}."
        )
    return replace(override, kind=value)


def _id(value: object, where: str) -> str:
    """An id as records have it: arXiv without version, DOI and hex in lower case."""
    key = parse_key(value) if isinstance(value, str) else None
    if key is None or key.partition(":")[0] not in _KINDS:
        examples = " or ".join(kind.example for kind in ASKABLE)
        raise OverrideError(f"{where}: {value!r} is not an id; write {examples}.")
    return key


def apply_overrides(
    entries: Sequence[Entry], overrides: Sequence[Override]
) -> tuple[tuple[Entry, ...], dict[str, Override], tuple[Issue, ...]]:
    """The entries with their kinds set, the overrides by entry_id, and what is wrong with them.

    An override of no entry of this list is stale; one whose title fits several is not applied; of
    two for one entry the last is applied; one that the list contradicts is applied and reported.
    """
    by_id = {e.entry_id: e for e in entries}
    by_title: dict[str, list[Entry]] = {}
    for entry in entries:
        by_title.setdefault(Title.of(entry.title).key, []).append(entry)
    chosen: dict[str, Override] = {}
    issues: list[Issue] = []
    for override in overrides:
        found = by_title.get(Title.of(override.entry).key, [])
        if override.entry in by_id:
            found = [by_id[override.entry]]
        if len(found) != 1:
            issues.append(_misfit(override, len(found)))
            continue
        entry = found[0]
        if entry.entry_id in chosen and chosen[entry.entry_id] != override:
            text = "It is overridden more than once; the last one is applied."
            issues.append(_contradicted(entry, override, text))
        chosen[entry.entry_id] = override
    issues += [
        _contradicted(by_id[entry_id], override, against)
        for entry_id, override in chosen.items()
        if (against := _against(by_id[entry_id], override))
    ]
    return tuple(_settled(e, chosen.get(e.entry_id)) for e in entries), chosen, tuple(issues)


def _settled(entry: Entry, override: Override | None) -> Entry:
    if override is None or override.kind is None:
        return entry
    return replace(entry, kind=override.kind, kind_reason=f"a person said so: {override.reason}")


def _against(entry: Entry, override: Override) -> str | None:
    """What in the list contradicts an override, or makes it superfluous."""
    listed = id_keys(entry.ids)
    if override.absent and listed:
        return f"It says that no service has this paper, but the list gives {listed[0]}."
    if override.pin is not None and override.pin in listed:
        return f"It pins {override.pin}, which the list now gives itself."
    if override.kind not in (None, "paper") and listed:
        return f"It says that this is {override.kind}, but the list gives {listed[0]}."
    return None


def _contradicted(entry: Entry, override: Override, text: str) -> Issue:
    return Issue(
        "warning", "contradicted_override", f"The override of {override.entry!r}: {text}",
        entry.entry_id, entry.line_start, "Look at it again, and remove it if it is not needed.",
    )  # fmt: skip


def write_override(path: Path, override: Override) -> None:
    """Add `override` to the file, or put it in the place of the one for the same entry.

    Everything else in the file stays byte for byte. The file appears whole or not at all; raises
    OverrideError where it is no valid overrides file.
    """
    old = path.read_bytes() if path.exists() else b""
    standing = {o.entry for o in parse_overrides(old, str(path))}
    if override.entry in standing:
        document = tomlkit.parse(old.decode("utf-8-sig"))
        tables = document["override"]
        assert isinstance(tables, list)
        for table in tables:
            if str(table["entry"]).strip() == override.entry:
                for key in _ACTIONS:
                    table.pop(key, None)
                table.update(_table(override))
        new = tomlkit.dumps(document).encode()
    else:
        new = with_table(old, "override", _table(override))
    if override not in parse_overrides(new, str(path)):
        raise OverrideError(f"{path}: the override of {override.entry!r} could not be added.")
    replace_file(path, new)


def _table(override: Override) -> dict[str, Any]:
    table: dict[str, Any] = {"entry": override.entry}
    if override.pin:
        table["pin"] = override.pin
    if override.reject:
        table["reject"] = list(override.reject)
    if override.absent:
        table["absent"] = True
    if override.kind:
        table["kind"] = override.kind
    return table | {"reason": override.reason}


def _misfit(override: Override, count: int) -> Issue:
    if count == 0:
        message = f"The override for {override.entry!r} fits no entry of this list."
        return Issue("warning", "stale_override", message, suggestion="Correct or remove it.")
    message = f"The override for {override.entry!r} fits {count} entries and was not applied."
    return Issue("warning", "stale_override", message, suggestion="Name the entry_id instead.")
