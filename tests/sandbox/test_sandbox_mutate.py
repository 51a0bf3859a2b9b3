"""Wrong field values: every field of both services in every way of being wrong."""

from __future__ import annotations

import random
import re

import pytest
import requests

from enrich.sandbox import Sandbox
from enrich.sandbox.mutate import ARXIV_FIELDS, ARXIV_HOW, HOW, mutations

FIELDS = "externalIds,title,year,citationCount,isOpenAccess,openAccessPdf,authors,publicationDate"
IDS = {"ids": ["ARXIV:1705.08168", "ARXIV:1811.08383", "ARXIV:9999.99999"]}


def batch(box: Sandbox) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = requests.post(
        f"{box.s2_url}/paper/batch?fields={FIELDS}", json=IDS
    ).json()
    return rows


def test_one_value_of_each_row_is_wrong(box: Sandbox) -> None:
    """Each row but the nulls differs from the right one in one top-level field."""
    right = batch(box)
    box.set_faults(["mutate"])
    for seen, true in zip(batch(box), right, strict=True):
        if true is None:
            assert seen is None
        else:
            assert sum(seen.get(name, "?") != true[name] for name in true) <= 1


@pytest.mark.parametrize(
    ("spec", "name", "value"),
    [
        ("citationCount:negative", "citationCount", -1),
        ("isOpenAccess:true-text", "isOpenAccess", "true"),
        ("publicationDate:no-date", "publicationDate", "2026-02-31"),
        ("paperId:none-text", "paperId", "none"),
        ("authors:object", "authors", {"value": []}),
        ("title:surrogate", "title", "half a pair \ud83d of "),
    ],
)
def test_the_field_and_the_way_can_be_named(
    box: Sandbox, spec: str, name: str, value: object
) -> None:
    """`mutate=FIELD:HOW` changes that field of every row in that way."""
    box.set_faults([f"mutate={spec}"])
    for row in filter(None, batch(box)):
        seen = row[name]
        if isinstance(value, dict):
            assert isinstance(seen, dict) and set(seen) == {"value"}
        elif name == "title":
            assert str(seen).startswith(str(value))
        else:
            assert seen == value
    box.set_faults([f"mutate={name}:missing"])
    assert all(name not in row for row in filter(None, batch(box)))


def test_nested_fields(box: Sandbox) -> None:
    """Paths lead into objects and lists."""
    box.set_faults(["mutate=authors.0.name:number"])
    assert batch(box)[0]["authors"][0]["name"] == 7  # type: ignore[index]
    box.set_faults(["mutate=externalIds.DOI:list"])
    assert isinstance(batch(box)[0]["externalIds"]["DOI"], list)  # type: ignore[index]


def test_the_seed_draws(box: Sandbox) -> None:
    """The same seed spoils the same values."""

    def drawn(seed: int) -> list[dict[str, object]]:
        with Sandbox(limits=False, faults=["mutate"], seed=seed) as one:
            return [row for _ in range(3) for row in batch(one)]

    assert repr(drawn(1)) == repr(drawn(1)) != repr(drawn(2))


def test_every_mutation_of_a_row(box: Sandbox) -> None:
    """`mutations` visits every field, nested ones too, in every way, and keeps the row intact."""
    row = batch(box)[1]
    before = repr(row)
    seen = list(mutations(row))
    assert repr(row) == before
    assert {"authors.0.name", "externalIds.DOI", "openAccessPdf.url"} <= {m.field for m in seen}
    assert len(seen) == len({m.field for m in seen}) * len(HOW)
    assert sum(m.row == row for m in seen) < len(seen) / 10  # some values already are 0, null, …


@pytest.mark.parametrize("how", ARXIV_HOW)
def test_arxiv_entries(box: Sandbox, how: str) -> None:
    """Elements of an entry can be blank, missing or absurd, in a feed that stays well-formed."""
    from xml.etree import ElementTree as ET

    for name in ARXIV_FIELDS:
        box.set_faults([f"mutate={name}:{how}"])
        feed = requests.get(box.arxiv_url, {"id_list": "1601.00001,astro-ph/0601001"}).content
        assert ET.fromstring(feed).tag.endswith("feed")
    box.set_faults([f"mutate=published:{how}"])
    feed_text = requests.get(box.arxiv_url, {"id_list": "1811.08383"}).text
    dates = re.findall(r"<published>([^<]*)</published>", feed_text)
    assert dates == ([] if how == "missing" else [str(HOW[how](""))])


def test_an_unknown_way_is_refused(box: Sandbox) -> None:
    """`mutate` names the ways it knows."""
    from enrich.sandbox import Fault

    with pytest.raises(ValueError, match="unknown way 'nonsense'"):
        Fault.parse("mutate=title:nonsense")
    assert random.Random(1).choice(list(HOW))
