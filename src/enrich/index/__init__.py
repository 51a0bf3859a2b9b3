"""The local index: public dumps as Parquet, looked up without a request.

`build` and `update` make it, `Index` answers by identifiers and titles, `resolve_file` resolves a
whole column of titles, `map_shards` spreads the work over processes or a Dask cluster.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enrich.index.bulk import BulkResult, resolve_file
    from enrich.index.lookup import Index
    from enrich.index.maintain import build, info, update
    from enrich.index.workers import map_shards

__all__ = ["BulkResult", "Index", "build", "info", "map_shards", "resolve_file", "update"]

_MODULES = {
    "BulkResult": "bulk", "resolve_file": "bulk", "Index": "lookup", "build": "maintain",
    "info": "maintain", "update": "maintain", "map_shards": "workers",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    # A build needs neither rapidfuzz nor the rules of `decide`, whose import takes 0.15 s.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
