"""arXiv's query language: what a query means, and what is not one."""

from __future__ import annotations

import pytest

from enrich.sandbox.arxiv_query import QuerySyntaxError, parse, spelled


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("testing", "all:testing"),
        ('ti:"Look, Listen and Learn"', 'ti:"Look, Listen and Learn"'),
        ('ti:"a: (b) - $c$ \\ & ? %"', 'ti:"a: (b) - $c$ \\ & ? %"'),
        ("ti:attention is all", "ti:attention OR (all:is OR all:all)"),
        ("ti:a AND ti:b OR ti:c", "ti:a AND (ti:b OR ti:c)"),
        ("(ti:a AND ti:b) OR ti:c", "(ti:a AND ti:b) OR ti:c"),
        ("ti:a ANDNOT cat:cs.CV", "ti:a ANDNOT cat:cs.CV"),
        ("ti:a and ti:b", "ti:a OR (all:and OR ti:b)"),
        ("au:del_maestro", 'au:"del maestro"'),
        ('"two words"', 'all:"two words"'),
        ("((ti:a))", "ti:a"),
        (
            "ti:a AND submittedDate:[202001010000 TO 202012312359]",
            "ti:a AND submittedDate:[202001010000 TO 202012312359]",
        ),
        ("cat:cs.RO AND (neural)", "cat:cs.RO AND all:neural"),
    ],
)
def test_query_means(query: str, meaning: str) -> None:
    """A missing operator is OR, a missing prefix all:, and everything leans to the right."""
    assert spelled(parse(query)) == meaning


@pytest.mark.parametrize(
    "query",
    [
        "(ti:space",
        "ti:a)",
        "()",
        'ti:"a "b" c"',
        'ti:"a \\"b\\" c"',
        'ti:"open',
        "ti:a AND",
        "AND ti:a",
        "ti:a AND OR ti:b",
        "title:a",
        "ti:",
        'ti:""',
        "ti:(a b)",
    ],
)
def test_not_a_query(query: str) -> None:
    """Unbalanced parentheses, inner quotation marks and dangling operators are errors."""
    with pytest.raises(QuerySyntaxError):
        parse(query)
