"""Blocking: which titles are worth comparing at all.

Two titles are compared when they share two of each other's four rarest words. A misspelt or lost
word is not known or not among the four; the three that remain give three pairs. Token ids are
given in order of rarity, so that the rarest words of a title are those with the smallest ids, and
a pair of ids in one 64-bit integer is the blocking key: exact, and stable over versions.
"""

from __future__ import annotations

from typing import Final

RAREST: Final = 4


def pairs_of(titles: str) -> str:
    """SQL for (pair bigint, row, size): the blocking keys of relation `titles` (row, plain).

    `size` is the length of the plain title. Needs a table `token` (token, id) in scope.
    """
    return f"""
        select (ids[i]::bigint << 32) | (ids[j]::bigint & 4294967295) as pair, row, size
        from (
            select row, any_value(size) as size, list_sort(list(id))[:{RAREST}] as ids
            from (
                select distinct row, size, token.id from (
                    select row, length(plain)::usmallint as size,
                        unnest(string_split(plain, ' ')) as token
                    from {titles}
                ) as word join token using (token)
            ) group by row having count(*) > 1
        ), (values {_PAIRS}) as pick(i, j)
        where j <= length(ids)
    """


_PAIRS: Final = ", ".join(
    f"({i}, {j})" for i in range(1, RAREST + 1) for j in range(i + 1, RAREST + 1)
)
