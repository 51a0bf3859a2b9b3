"""enrich: turn a curated list of papers into data.

import enrich

snapshot = enrich.run("README.md")                # enrich a list, as `enrich run` does
snapshot.entries, snapshot.papers, snapshot.report
snapshot.diff()                                   # what changed since the previous snapshot

enrich.lists()                                    # the lists that have snapshots
enrich.load("awesome-")                           # one row per entry, its paper joined on
enrich.load("awesome-", table="papers", snapshot="2026-11")
enrich.history("awesome-")                        # every count that was observed, with its time
enrich.open_snapshot("awesome-")                  # a snapshot with all its tables
enrich.verify("awesome-")                         # files that are not as they were published
"""

from importlib import import_module

from enrich.version import __version__

TYPE_CHECKING = False  # typing takes longer to import than everything else here
if TYPE_CHECKING:
    from enrich.api import run
    from enrich.snapshot.reading import history, lists, load, verify
    from enrich.snapshot.snapshot import Snapshot, open_snapshot

__all__ = [
    "Snapshot", "__version__", "history", "lists", "load", "open_snapshot", "run", "verify",
]  # fmt: skip

# pandas and pyarrow take half a second to import: only programs that use a snapshot wait for them.
_MODULES = {
    "run": "enrich.api",
    "history": "enrich.snapshot.reading",
    "lists": "enrich.snapshot.reading",
    "load": "enrich.snapshot.reading",
    "verify": "enrich.snapshot.reading",
    "Snapshot": "enrich.snapshot.snapshot",
    "open_snapshot": "enrich.snapshot.snapshot",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
