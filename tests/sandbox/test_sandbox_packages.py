"""The published client packages of both services work against the sandbox unchanged."""

from __future__ import annotations

import arxiv
import pytest
import requests
from semanticscholar import SemanticScholar
from semanticscholar.SemanticScholarException import ObjectNotFoundException

from enrich.sandbox import Sandbox


@pytest.fixture
def client(box: Sandbox) -> arxiv.Client:
    client = arxiv.Client(page_size=10, delay_seconds=0, num_retries=0)
    client.query_url_format = box.arxiv_url + "?{}"
    return client


@pytest.fixture
def scholar(box: Sandbox) -> SemanticScholar:
    return SemanticScholar(api_url=box.s2_url.removesuffix("/graph/v1"), retry=False)


def test_arxiv_package_reads_every_paper_by_id(client: arxiv.Client, box: Sandbox) -> None:
    """Each paper that arXiv has comes back by its id, in pages, with its facts."""
    papers = {p.arxiv: p for p in box.catalogue if p.arxiv}
    results = list(client.results(arxiv.Search(id_list=list(papers), max_results=None)))
    assert {r.get_short_id().rpartition("v")[0] for r in results} == set(papers)
    assert box.count("arxiv") == -(-len(papers) // 10)
    for result in results:
        paper = papers[result.get_short_id().rpartition("v")[0]]
        assert result.title == paper.title
        assert [a.name for a in result.authors] == list(paper.authors)
        assert result.categories == list(paper.categories)
        assert result.comment == paper.comment
        assert result.doi == (paper.doi if paper.arxiv_doi else None)


def test_arxiv_package_searches_titles(client: arxiv.Client) -> None:
    """A search for two quoted titles finds both, and the near misses that hold the phrase."""
    query = 'ti:"Objects that Sound" OR ti:"Look, Listen and Learn"'
    found = {r.title for r in client.results(arxiv.Search(query, max_results=50))}
    assert found == {"Objects that Sound", "Objects that Sound 2", "Look, Listen and Learn"}


def test_arxiv_package_tells_a_refusal(client: arxiv.Client) -> None:
    """A malformed id is the package's HTTPError with status 400."""
    with pytest.raises(arxiv.HTTPError) as caught:
        list(client.results(arxiv.Search(id_list=["abc"])))
    assert caught.value.status == 400


def test_semanticscholar_package_reads_papers(scholar: SemanticScholar) -> None:
    """One paper with all fields the package asks for, and a batch with an unknown id."""
    paper = scholar.get_paper("ARXIV:1711.07971")
    assert paper.paperId == "8899094797e82c5c185a0893896320ef77f60e64"
    assert paper.externalIds["ArXiv"] == "1711.07971"
    assert paper.authors[0].name == "Xiaolong Wang"
    papers, missing = scholar.get_papers(
        ["ARXIV:1811.08383", "ARXIV:9999.99999"], return_not_found=True
    )
    assert [p.externalIds["ArXiv"] for p in papers] == ["1811.08383"]
    assert missing == ["ARXIV:9999.99999"]


def test_semanticscholar_package_searches(scholar: SemanticScholar) -> None:
    """Relevance search, bulk search, match, references and authors parse."""
    assert "video" in scholar.search_paper("video understanding")[0].title.lower()
    bulk = scholar.search_paper('"Objects that Sound"', bulk=True)
    assert [p.title for p in bulk] == ["Objects that Sound", "Objects that Sound 2"]
    assert scholar.search_paper("Look, Listen and Learn", match_title=True).year == 2017
    [author] = scholar.search_author("Andrew Zisserman")
    assert author.paperCount == len(scholar.get_author_papers(author.authorId)) >= 4
    assert [a.name for a in scholar.get_paper_authors("ARXIV:1712.06651")] == [
        "Relja Arandjelović",
        "Andrew Zisserman",
    ]
    citing = scholar.get_paper_citations("ARXIV:1706.03762")
    assert all(c.paper.title for c in citing)


def test_semanticscholar_package_tells_refusals(scholar: SemanticScholar, box: Sandbox) -> None:
    """An unknown paper, a title nobody has and a bad key raise what the package has for them."""
    with pytest.raises(ObjectNotFoundException, match="Paper with id 0 not found"):
        scholar.get_paper("0")
    with pytest.raises(ObjectNotFoundException, match="Title match not found"):
        scholar.search_paper("zzzz qqqq", match_title=True)
    keyed = SemanticScholar(
        api_key="bad-key", api_url=box.s2_url.removesuffix("/graph/v1"), retry=False
    )
    with pytest.raises(PermissionError):
        keyed.get_paper("ARXIV:1811.08383")


def test_log_tells_who_asked_and_holds_no_key(box: Sandbox, http: requests.Session) -> None:
    """The log holds each request and whether a key came with it, never the key."""
    http.get(f"{box.s2_url}/paper/ARXIV:1811.08383", headers={"x-api-key": "sesame-1234"})
    [asked] = box.requests
    assert (asked.service, asked.endpoint, asked.status, asked.keyed) == ("s2", "paper", 200, True)
    assert "sesame-1234" not in repr(asked)
