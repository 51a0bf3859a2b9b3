"""What a request to Semantic Scholar asks for, read and refused as the service does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from enrich.sandbox.answers import Answer, Call, found, refused
from enrich.sandbox.catalogue import Catalogue
from enrich.sandbox.deviations import Deviations
from enrich.sandbox.s2_records import AUTHOR_FIELDS, PAPER_FIELDS, Fields, unknown_fields

# Bytes; the service refuses larger bodies.
BODY_MOST = 10_000_000
# What is answered where no fields are asked for.
PAPER_DEFAULT, AUTHOR_DEFAULT = ("paperId", "title"), ("authorId", "name")


class S2Refusal(Exception):
    """A request the service does not serve; carries the answer."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.answer = refused(status, error=error)


def known_params(call: Call, known: set[str]) -> None:
    """Refuse parameters the endpoint does not have."""
    bad = [f"{name}={value}" for name, value in call.params if name not in known]
    if bad:
        raise S2Refusal(400, f"Unacceptable query params: [{', '.join(bad)}]")


def field_names(call: Call) -> list[str]:
    """The names in `fields`, in order."""
    return [name.strip() for name in call.get("fields").split(",") if name.strip()]


def bad_fields(bad: list[str]) -> S2Refusal:
    """The refusal that names the fields."""
    return S2Refusal(400, f"Unrecognized or unsupported fields: [{', '.join(bad)}]")


def paper_fields(
    call: Call, deviations: Deviations, params: set[str], closed: Sequence[str] = ()
) -> Fields:
    """The fields of papers asked for.

    Args:
        call: The request.
        deviations: Which fields are refused, missing, null or added.
        params: The parameters that the endpoint has.
        closed: Fields that the endpoint does not serve.

    Returns:
        The fields.

    Raises:
        S2Refusal: A field or a parameter does not exist.
    """
    names = field_names(call)
    known = set(PAPER_FIELDS)
    if deviations.s2_fields_refused:
        known -= {"externalIds"}
    if bad := unknown_fields(names, known, closed):
        raise bad_fields(bad)
    known_params(call, {"fields", *params})
    if deviations.s2_fields_missing:
        gone = {"externalIds", "abstract", "citationCount"}
        names = [name for name in names if name not in gone]
    fields = Fields(names, PAPER_DEFAULT, "paperId")
    fields.null, fields.added = deviations.s2_fields_null, deviations.s2_field_added
    return fields


def author_fields(call: Call, params: set[str]) -> Fields:
    """The fields of authors asked for; refuses as `paper_fields` does."""
    names = field_names(call)
    if bad := unknown_fields(names, AUTHOR_FIELDS, ()):
        raise bad_fields(bad)
    known_params(call, params)
    return Fields(names, AUTHOR_DEFAULT, "authorId")


def wanted(call: Call, name: str) -> str:
    """A parameter that must be there."""
    value = call.get(name)
    if not value.strip():
        raise S2Refusal(400, f"Missing required parameter: '{name}'")
    return value


def asked_ids(call: Call, most: int) -> list[str]:
    """The ids in the body, at most `most` of them."""
    try:
        ids = json.loads(call.body)["ids"]
        assert isinstance(ids, list) and all(isinstance(i, str) for i in ids)
    except (ValueError, KeyError, TypeError, AssertionError):
        raise S2Refusal(400, 'Invalid request body, expected {"ids": [...]}') from None
    if len(ids) > most or len(call.body) > BODY_MOST:
        raise S2Refusal(400, f"Too many ids: at most {most} are allowed")
    return ids


def window(call: Call, most: int) -> tuple[int, int]:
    """`offset` and `limit`, the latter at most `most`."""
    values = []
    for name, default in (("offset", 0), ("limit", 100)):
        text = call.get(name) or str(default)
        if not text.isdecimal() or (name == "limit" and not 0 < int(text) <= most):
            raise S2Refusal(400, f"Unacceptable query params: [{name}={text}]")
        values.append(int(text))
    return values[0], values[1]


def paged(call: Call, rows: list[Any], total: bool) -> Answer:
    """One window of rows.

    Args:
        call: The request with `offset` and `limit`.
        rows: All rows.
        total: Whether the answer says how many there are.

    Returns:
        The answer, with `next` while there are more rows.
    """
    offset, limit = window(call, 1000)
    body: dict[str, Any] = {"total": len(rows)} if total else {}
    body["offset"] = offset
    if offset + limit < len(rows):
        body["next"] = offset + limit
    return found({**body, "data": rows[offset : offset + limit]})


def by_sort(catalogue: Catalogue, positions: set[int], sort: str) -> list[int]:
    """Sort papers.

    Args:
        catalogue: The papers.
        positions: Which of them to sort.
        sort: `FIELD` or `FIELD:asc|desc`; by paperId where it is empty.

    Returns:
        The positions in order.

    Raises:
        S2Refusal: The field or the direction does not exist.
    """
    name, _, order = (sort or "paperId:asc").partition(":")
    keys: dict[str, Callable[[int], Any]] = {
        "paperId": lambda i: catalogue.papers[i].sha,
        "citationCount": lambda i: (catalogue.count(catalogue.papers[i]), catalogue.papers[i].sha),
        "publicationDate": lambda i: (catalogue.papers[i].published, catalogue.papers[i].sha),
    }
    if name not in keys or order not in ("", "asc", "desc"):
        raise S2Refusal(400, f"Unacceptable query params: [sort={sort}]")
    return sorted(positions, key=keys[name], reverse=order == "desc")


def token_for(start: int) -> str:
    """The opaque token of the page that starts there."""
    return base64.b32encode(f"sandbox:{start}".encode()).decode().rstrip("=")


def token_start(token: str) -> int:
    """Where the page of a token starts; 0 without one."""
    if not token:
        return 0
    try:
        text = base64.b32decode(token + "=" * (-len(token) % 8)).decode()
        return int(text.removeprefix("sandbox:"))
    except ValueError:
        raise S2Refusal(400, f"Unacceptable query params: [token={token}]") from None
