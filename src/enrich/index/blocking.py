"""Blocking keys: pairs of rare words that two titles must share to be compared.

Two titles are compared when they share two rare words: of a record's title its four rarest count,
of a title asked for its six rarest that any record has. A misspelt word is none of these; the
three that remain give three pairs; and a title within a longer reference, among names and
venues, is found too. Token ids are given in order of rarity, so that the rarest words of
a title are those with the smallest ids, and a pair of ids in one 64-bit integer is the blocking
key: exact, and stable over versions.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final

OF_RECORD: Final = 4
OF_QUERY: Final = 6


def pairs_of(titles: str, rarest: int) -> str:
    """SQL for (pair bigint, row, size, known): the blocking keys of relation `titles`
    (row, plain), made of the `rarest` words of each.

    `size` is the length of the plain title, `known` how many words were to be had. Needs a table
    `token` (token, id) in scope.
    """
    return f"""
        select ids[i]::bigint * 4294967296 + ids[j] as pair, row, size, len(ids) as known
        from (
            select row, any_value(size) as size, list_sort(list(id))[:{rarest}] as ids
            from (
                select distinct row, size, token.id from (
                    select row, length(plain)::usmallint as size,
                        unnest(string_split(plain, ' ')) as token
                    from {titles}
                ) as word join token using (token)
            ) group by row having count(*) > 1
        ), (values {_places(rarest)}) as pick(i, j)
        where j <= length(ids)
    """


def _places(rarest: int) -> str:
    return ", ".join(f"({i}, {j})" for i, j in combinations(range(1, rarest + 1), 2))
