"""Build and read manifest.json: how a snapshot was made, and its files with their hashes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from enrich.errors import SnapshotError
from enrich.io.addresses import without_credentials
from enrich.records import ListRun, Traffic
from enrich.snapshot.gates import Gate
from enrich.snapshot.layout import MANIFEST
from enrich.snapshot.schema import SCHEMA_VERSION
from enrich.version import __version__


def build_manifest(
    run: ListRun,
    snapshot: str,
    previous: str | None,
    gates: Sequence[Gate],
    files: Mapping[str, Mapping[str, object]],
    extra: Mapping[str, Any],
) -> dict[str, Any]:
    """The manifest as JSON values.

    Args:
        run: The run that is published.
        snapshot: Name of the snapshot.
        previous: Name of the previous snapshot of the list.
        gates: The gates and their verdicts.
        files: File name -> its rows, bytes and sha256.
        extra: Further keys.

    Returns:
        A dict that `json.dumps` accepts; it holds no secrets.
    """
    entries = run.parsed.entries
    return {
        **extra,
        "snapshot": snapshot,
        "previous_snapshot": previous,
        "mode": run.mode,
        "tool_version": __version__,
        "schema_version": SCHEMA_VERSION,
        "rule_version": run.rule_version,
        "list": {
            "name": run.list_slug,
            "title": run.list_title,
            "location": _location(run.location),
            "sha256": run.sha256,
            "format": run.parsed.format,
            "encoding": run.parsed.encoding,
            "entries": len(entries),
            "links_in_entries": sum(len(entry.links) for entry in entries),
            "stray_links": _counts(link.reason for link in run.parsed.stray_links),
            "layouts": [asdict(layout) for layout in run.parsed.layouts],
        },
        "started": iso(run.started),
        "finished": iso(run.finished),
        "incomplete": run.incomplete,
        "by_status": _counts(r.status for r in run.resolutions),
        "by_kind": _counts(entry.kind for entry in entries),
        "sources": {traffic.service: _traffic(traffic) for traffic in run.traffic},
        "gates": [
            {"name": gate.name, "verdict": gate.verdict, "message": gate.message} for gate in gates
        ],
        "files": {name: dict(facts) for name, facts in files.items()},
    }


def _location(location: str) -> str:
    """Where the list came from, without secrets and without folders of this machine."""
    path = Path(location)
    if "://" in location or not path.is_absolute():
        return without_credentials(location, query=False) if "://" in location else location
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else path.name


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a published snapshot; raises SnapshotError when it cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise SnapshotError(
            f"{folder / MANIFEST} cannot be read ({error}): name another snapshot, or restore "
            "this one from a copy."
        ) from error
    if not isinstance(manifest, dict):
        raise SnapshotError(f"{folder / MANIFEST} is not a manifest: restore it from a copy.")
    return manifest


def _counts(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def iso(moment: date) -> str:
    """A day, or a time in UTC with a Z, as ISO 8601."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return moment.isoformat()


def _traffic(traffic: Traffic) -> dict[str, object]:
    return {
        "base_url": without_credentials(traffic.base_url, query=False),
        "health": traffic.health,
        "requests": traffic.total,
        "requests_by_endpoint": dict(traffic.requests),
        "retries": traffic.retries,
        "throttled": traffic.throttled,
        "bytes_received": traffic.bytes_received,
        "records_from_cache": traffic.records_from_cache,
        "records_fetched": traffic.records_fetched,
    }
