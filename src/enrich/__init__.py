"""enrich: turn a curated list of papers into data.

import enrich

enrich.lists()                                    # the lists that have snapshots
enrich.load("awesome-")                           # one row per entry, its paper joined on
enrich.load("awesome-", table="papers", snapshot="2026-11")
enrich.history("awesome-")                        # every count that was observed, with its time
"""

import sys
from types import ModuleType

TYPE_CHECKING = False  # typing takes longer to import than everything else here
if TYPE_CHECKING:
    from enrich.snapshot.reading import history, lists, load

__version__ = "0.1.0"
__all__ = ["__version__", "history", "lists", "load"]


def __getattr__(name: str) -> object:
    # pandas and pyarrow take half a second to import: only who loads a snapshot waits for them.
    if name in ("history", "lists", "load"):
        from enrich.snapshot import reading

        return getattr(reading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


class _Lists(ModuleType):
    def __call__(self, *args: object, **kwargs: object) -> object:
        from enrich.snapshot import reading

        return reading.lists(*args, **kwargs)  # type: ignore[arg-type]


class _Package(ModuleType):
    # The package `enrich.lists` reads lists, the function `enrich.lists()` tells which ones have
    # snapshots. Once the package is imported, Python puts it in the function's place: it answers
    # to the call then.
    def __setattr__(self, name: str, value: object) -> None:
        if name == "lists" and isinstance(value, ModuleType):
            value.__class__ = _Lists
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
