"""pyarrow without pandas, which it imports with the first array that it makes: 0.4 s."""

from __future__ import annotations

import sys


class _Hidden:
    """An import hook that finds no pandas."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name, name=name)


def leave_pandas_out() -> None:
    """Make pyarrow take a program's arrays for no pandas objects, unless pandas is imported.

    For processes whose program is this package's own: until `to_pandas` is called, which imports
    pandas as ever, pyarrow takes a pandas series for a plain sequence.
    """
    if "pandas" in sys.modules:
        return
    import pyarrow as pa

    hidden = _Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(hidden)
