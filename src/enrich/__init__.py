"""enrich: turn a curated list of papers into data.

import enrich

enrich.lists()                                    # the lists that have snapshots
enrich.load("awesome-")                           # one row per entry, its paper joined on
enrich.load("awesome-", table="papers", snapshot="2026-11")
enrich.history("awesome-")                        # every count that was observed, with its time
enrich.verify("awesome-")                         # files that are not as they were published
"""

from enrich.version import __version__

TYPE_CHECKING = False  # typing takes longer to import than everything else here
if TYPE_CHECKING:
    from enrich.snapshot.reading import history, lists, load, verify

__all__ = ["__version__", "history", "lists", "load", "verify"]


def __getattr__(name: str) -> object:
    # pandas and pyarrow take half a second to import: only who loads a snapshot waits for them.
    if name in ("history", "lists", "load", "verify"):
        from enrich.snapshot import reading

        return getattr(reading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
