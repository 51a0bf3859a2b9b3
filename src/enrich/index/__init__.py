"""The local index: public dumps as Parquet, looked up without a request.

`build` and `update` make it, `Index` answers by identifiers and titles, `resolve_file` resolves a
whole column of titles, `map_shards` spreads the work over processes or a Dask cluster.
"""

from enrich.index.bulk import BulkResult, resolve_file
from enrich.index.lookup import Index
from enrich.index.maintain import build, info, update
from enrich.index.workers import map_shards

__all__ = ["BulkResult", "Index", "build", "info", "map_shards", "resolve_file", "update"]
