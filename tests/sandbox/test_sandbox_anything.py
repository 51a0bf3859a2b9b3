"""Whatever is asked is answered: no question breaks the services themselves."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from enrich.sandbox import embedded
from enrich.sandbox.answers import Call
from enrich.sandbox.arxiv_answers import Arxiv
from enrich.sandbox.deviations import Deviations
from enrich.sandbox.s2_answers import SemanticScholar

ARXIV, S2, PLAIN = Arxiv(embedded()), SemanticScholar(embedded()), Deviations()
PIECES = [
    "ti:", '"', "(", ")", "AND", "OR", "ANDNOT", "video", "1811.08383", ",", "v1", "~2", "|", "-",
    "+", "*", "submittedDate:[", "2020", "TO", "]", "sound", "10.", "DOI:", "ARXIV:1811.08383",
    "title", "authors.name", ".", ":", "7", "²", " ", " ",
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.lists(
    st.sampled_from(PIECES), max_size=12
).map("".join)
ARXIV_NAMES = ["search_query", "id_list", "start", "max_results", "sortBy", "sortOrder"]
S2_NAMES = ["query", "fields", "offset", "limit", "token", "sort", "year", "minCitationCount"]
PATHS = ["paper/search", "paper/search/match", "paper/search/bulk", "author/search", "paper/batch"]


def params(names: list[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(names), TEXT, max_size=4)


@given(params(ARXIV_NAMES))
def test_arxiv_always_answers_with_a_feed(asked: dict[str, str]) -> None:
    """Any parameters give 200, 400 or 500 with well-formed Atom."""
    answer = ARXIV.answer(Call("GET", "/api/query", tuple(asked.items())), PLAIN)
    assert answer.status in (200, 400, 500)
    assert ET.fromstring(answer.body).tag == "{http://www.w3.org/2005/Atom}feed"


@given(
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(PATHS) | TEXT.map("paper/{}".format) | TEXT.map("author/{}".format),
    params(S2_NAMES),
    TEXT.map(str.encode)
    | st.lists(TEXT, max_size=4).map(lambda i: json.dumps({"ids": i}).encode()),
)
def test_s2_always_answers_with_json(
    method: str, path: str, asked: dict[str, str], body: bytes
) -> None:
    """Any path, parameters and body give a JSON answer or a JSON refusal."""
    call = Call(method, f"/graph/v1/{path}", tuple(asked.items()), body)
    answer = S2.answer(call, PLAIN)
    assert answer.status in (200, 400, 404)
    assert isinstance(json.loads(answer.body), dict | list)
