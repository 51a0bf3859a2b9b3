"""arXiv's `search_query`: words, quoted phrases, prefixes, AND OR ANDNOT and parentheses.

As the service parses it: operators are upper-case and have no precedence, `a AND b OR c` reads
`a AND (b OR c)`; between two terms without an operator stands OR; a term without a prefix searches
`all`; a quotation mark inside a phrase, an unbalanced parenthesis or a dangling operator is an
error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# https://info.arxiv.org/help/api/user-manual.html#query_details
PREFIXES = ("ti", "au", "abs", "co", "jr", "cat", "rn", "id", "all", "doi", "submittedDate")
OPERATORS = ("AND", "OR", "ANDNOT")


class QuerySyntaxError(ValueError):
    """The query cannot be parsed."""


@dataclass(frozen=True)
class Term:
    """`field:value`; `quoted` values are phrases."""

    field: str
    value: str
    quoted: bool = False

    def __str__(self) -> str:
        return f'{self.field}:"{self.value}"' if self.quoted else f"{self.field}:{self.value}"


@dataclass(frozen=True)
class Pair:
    """Two queries and the operator between them."""

    left: Query
    operator: str
    right: Query

    def __str__(self) -> str:
        return f"({self.left} {self.operator} {self.right})"


Query = Term | Pair

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\))
    | (?:(?P<range_field>submittedDate):(?P<range>\[[^\]"]*\]))
    | (?:(?P<phrase_field>\w+):)?"(?P<phrase>[^"]*)"(?=[\s)]|$)
    | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)


def parse(text: str) -> Query:
    """The query as a tree; raises QuerySyntaxError."""
    tokens = _tokens(text)
    query, rest = _parse(tokens, 0)
    if rest != len(tokens):
        raise QuerySyntaxError(text)
    return query


def spelled(query: Query) -> str:
    """The query as the feed's title repeats it: every prefix and operator written out."""
    text = str(query)
    return text[1:-1] if isinstance(query, Pair) else text


def terms(query: Query) -> list[Term]:
    """All terms, from left to right."""
    return [query] if isinstance(query, Term) else [*terms(query.left), *terms(query.right)]


def has_or(query: Query) -> bool:
    """Whether alternatives are asked for."""
    return isinstance(query, Pair) and (
        query.operator == "OR" or has_or(query.left) or has_or(query.right)
    )


def _tokens(text: str) -> list[str | Term]:
    tokens: list[str | Term] = []
    at, text = 0, text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise QuerySyntaxError(text)
        at = match.end()
        if match["open"] or match["close"]:
            tokens.append(match["open"] or match["close"])
        elif match["range"]:
            tokens.append(Term("submittedDate", match["range"]))
        elif match["phrase"] is not None:
            tokens.append(
                _term(match["phrase_field"] or "all", match["phrase"].strip(), True, text)
            )
        elif match["word"] in OPERATORS:
            tokens.append(match["word"])
        else:
            field, colon, value = match["word"].partition(":")
            if not colon:
                field, value = "all", match["word"]
            # The service turns an underscore into the space of a phrase.
            tokens.append(_term(field, value.replace("_", " "), "_" in value, text))
    return tokens


def _term(field: str, value: str, quoted: bool, text: str) -> Term:
    if field not in PREFIXES or not value:
        raise QuerySyntaxError(text)
    return Term(field, value, quoted)


def _parse(tokens: list[str | Term], at: int) -> tuple[Query, int]:
    """A query from `at` up to a closing parenthesis or the end."""
    left, at = _operand(tokens, at)
    if at == len(tokens) or tokens[at] == ")":
        return left, at
    operator = "OR"
    if isinstance(tokens[at], str) and tokens[at] in OPERATORS:
        operator, at = str(tokens[at]), at + 1
    right, at = _parse(tokens, at)
    return Pair(left, operator, right), at


def _operand(tokens: list[str | Term], at: int) -> tuple[Query, int]:
    if at == len(tokens):
        raise QuerySyntaxError("unfinished")
    first = tokens[at]
    if isinstance(first, Term):
        return first, at + 1
    if first != "(":
        raise QuerySyntaxError(first)
    inner, at = _parse(tokens, at + 1)
    if at == len(tokens) or tokens[at] != ")":
        raise QuerySyntaxError("unbalanced")
    return inner, at + 1
