"""Assumptions broken on purpose: each switch changes what it says, and nothing else."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
import requests

from enrich.sandbox import Sandbox
from enrich.sandbox.deviations import Deviations

IDS = ["ARXIV:1811.08383", "ARXIV:1705.08168", "ARXIV:1712.06651", "ARXIV:1711.07971"]


def batch(box: Sandbox, ids: list[str], **headers: str) -> requests.Response:
    address = f"{box.s2_url}/paper/batch?fields=externalIds,title"
    return requests.post(address, json={"ids": ids}, headers=headers)


def arxiv(box: Sandbox, **params: Any) -> requests.Response:
    return requests.get(box.arxiv_url, params=params)


def bulk(box: Sandbox, query: str) -> requests.Response:
    return requests.get(f"{box.s2_url}/paper/search/bulk", params={"query": query})


def ids_of(answer: requests.Response) -> list[str | None]:
    return [row and row["externalIds"]["ArXiv"] for row in answer.json()]


def test_none_by_default() -> None:
    """Every switch is off until it is named, but for the length of addresses."""
    plain = {f.name: f.default for f in fields(Deviations)}
    assert vars(Deviations.named([])) == plain
    assert {name for name, value in plain.items() if value} == {"url_limit"}


def test_batch_shuffled(box: Sandbox) -> None:
    """The same rows in another order."""
    box.set_deviations(["s2-batch-shuffled"])
    found = ids_of(batch(box, IDS))
    assert found != [i.removeprefix("ARXIV:") for i in IDS]
    assert sorted(map(str, found)) == sorted(i.removeprefix("ARXIV:") for i in IDS)


def test_batch_unknown(box: Sandbox) -> None:
    """An unknown id is left out, or fails the batch; a batch may be limited to fewer ids."""
    ids = [IDS[0], "ARXIV:9999.99999"]
    assert ids_of(batch(box, ids)) == ["1811.08383", None]
    box.set_deviations(["s2-unknown-dropped"])
    assert ids_of(batch(box, ids)) == ["1811.08383"]
    box.set_deviations(["s2-unknown-fails"])
    assert batch(box, ids).status_code == 400
    assert batch(box, ids[:1]).status_code == 200
    box.set_deviations(["s2-batch-max=1"])
    assert batch(box, ids).status_code == 400


def test_versions(box: Sandbox) -> None:
    """Semantic Scholar may resolve versions, arXiv may refuse them."""
    box.set_deviations(["s2-versions-resolved"])
    assert ids_of(batch(box, ["ARXIV:1811.08383v1"])) == ["1811.08383"]
    box.set_deviations(["arxiv-versions-refused"])
    assert arxiv(box, id_list="1811.08383v1").status_code == 400
    assert arxiv(box, id_list="1811.08383").status_code == 200


def test_bulk_alternatives(box: Sandbox) -> None:
    """`|` may find nothing, be refused or be limited; quotation marks may mean nothing."""
    query = '"Objects that Sound" | "Local Neural Networks"'
    assert bulk(box, query).json()["total"] == 5  # with the sequel and the two namesakes
    box.set_deviations(["s2-bulk-or-empty"])
    assert bulk(box, query).json()["total"] == 0
    assert bulk(box, '"Objects that Sound"').json()["total"] == 2
    box.set_deviations(["s2-bulk-or-refused"])
    assert bulk(box, query).status_code == 400
    box.set_deviations(["s2-bulk-max-terms=1"])
    assert bulk(box, query).status_code == 400
    assert bulk(box, '"Objects that Sound"').status_code == 200
    box.set_deviations(["s2-bulk-phrase-loose"])
    assert bulk(box, '"sound objects"').json()["total"] == 3


def test_match(box: Sandbox) -> None:
    """A miss may be an empty list, or the endpoint gone."""
    address = f"{box.s2_url}/paper/search/match?query="
    box.set_deviations(["s2-match-empty"])
    assert requests.get(address + "zzz").json() == {"data": []}
    box.set_deviations(["s2-match-gone"])
    assert requests.get(address + "Objects that Sound").status_code == 404


def test_fields(box: Sandbox) -> None:
    """Fields may be missing from rows, or be refused."""
    box.set_deviations(["s2-fields-missing"])
    assert set(batch(box, IDS[:1]).json()[0]) == {"paperId", "title"}
    box.set_deviations(["s2-fields-null"])
    assert batch(box, IDS[:1]).json()[0]["externalIds"] is None
    box.set_deviations(["s2-field-added"])
    assert "unheardOf" in batch(box, IDS[:1]).json()[0]
    box.set_deviations(["s2-fields-refused"])
    assert batch(box, IDS[:1]).json() == {
        "error": "Unrecognized or unsupported fields: [externalIds]"
    }


def test_key(box: Sandbox) -> None:
    """Every key may be refused, while asking without one is served."""
    box.set_deviations(["s2-key-refused"])
    assert batch(box, IDS, **{"x-api-key": "good"}).status_code == 403
    assert batch(box, IDS).status_code == 200


def test_arxiv_lists(box: Sandbox) -> None:
    """An unknown id may fail a list, and lists may be limited."""
    box.set_deviations(["arxiv-unknown-fails"])
    assert arxiv(box, id_list="1811.08383v1,9999.99999").status_code == 400
    assert arxiv(box, id_list="1811.08383v1").status_code == 200
    box.set_deviations(["arxiv-ids-max=1"])
    assert arxiv(box, id_list="1811.08383,1705.08168").status_code == 400


def test_arxiv_alternatives(box: Sandbox) -> None:
    """OR may be refused, find nothing, or be limited."""
    both = 'ti:"Objects that Sound" OR ti:"Look, Listen and Learn"'
    box.set_deviations(["arxiv-or-refused"])
    assert arxiv(box, search_query=both).status_code == 400
    assert arxiv(box, search_query='ti:"Objects that Sound"').status_code == 200
    box.set_deviations(["arxiv-or-max=1"])
    assert arxiv(box, search_query=both).status_code == 400
    box.set_deviations(["arxiv-or-max=2"])
    assert arxiv(box, search_query=both).status_code == 200
    box.set_deviations(["arxiv-or-empty"])
    assert "<entry>" not in arxiv(box, search_query=both).text


def test_url_limit_and_dialect(box: Sandbox) -> None:
    """Addresses may have to be shorter, feeds be of the older dialect."""
    box.set_deviations(["url-limit=40"])
    assert arxiv(box, id_list="1811.08383").status_code == 200
    assert arxiv(box, id_list="1811.08383,1705.08168,1712.06651").status_code == 414
    box.set_deviations(["arxiv-element-added"])
    assert "<arxiv:unheard_of>" in arxiv(box, id_list="1811.08383").text
    box.set_deviations(["arxiv-classic"])
    assert '<title type="html">ArXiv Query:' in arxiv(box, id_list="1811.08383").text


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("nonsense", "unknown deviation 'nonsense'; known are arxiv-"),
        ("arxiv-or-max", "the deviation arxiv-or-max needs a number: arxiv-or-max=5"),
        ("arxiv-or-max=x", "needs a number"),
        ("s2-match-gone=5", "takes no number"),
    ],
)
def test_bad_names(name: str, complaint: str) -> None:
    """A switch that does not exist, or is not set so, says what is known."""
    with pytest.raises(ValueError, match=complaint):
        Deviations.named([name])
