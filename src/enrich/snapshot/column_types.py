"""The Arrow types that several columns share."""

from __future__ import annotations

import pyarrow as pa

# Microseconds are what datetime holds; nanoseconds would end in 2262.
TIME = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())
LINKS = pa.list_(pa.struct([("label", pa.string()), ("url", pa.string()), ("role", pa.string())]))
AUTHORS = pa.list_(
    pa.struct([("name", pa.string()), ("s2_author_id", pa.string()), ("affiliations", STRINGS)])
)

# Name, type and meaning of a column.
Column = tuple[str, pa.DataType, str]
