from __future__ import annotations

import pytest

from enrich.papers.venues import is_preprint, publication, short_venue, venue_and_year

SERVERS = [
    "arXiv", "arXiv.org", "ArXiv preprint", "arXiv preprint arXiv:1706.03762", "CoRR", "bioRxiv",
    "BioR xiv", "medRxiv", "chemRxiv", "TechRxiv", "PsyArXiv", "SSRN Electronic Journal",
    "Social Science Research Network", "Preprints.org", "Research Square", "Authorea",
]  # fmt: skip
PUBLISHED = [
    "CVPR", "Nature", "Journal of Machine Learning Research", "Corrosion Science", "NeurIPS 2019",
    "Correspondences", "Archiv der Mathematik",
]  # fmt: skip


@pytest.mark.parametrize("venue", SERVERS)
def test_preprint_servers_are_known_by_all_their_names(venue: str) -> None:
    """One definition serves `diff`, the issues table, annotations, references and merging."""
    assert is_preprint(venue)
    assert publication(venue, "10.1/x") == (None, "10.1/x")


@pytest.mark.parametrize("venue", PUBLISHED)
def test_journals_and_conferences_are_publications(venue: str) -> None:
    """A name that only resembles a preprint server's is a venue."""
    assert not is_preprint(venue)
    assert publication(venue, None) == (venue, None)


@pytest.mark.parametrize(
    ("doi", "preprint"),
    [
        ("10.48550/arxiv.1706.03762", True), ("10.1101/2020.03.22.002386", True),
        ("10.1101/123456", True), ("10.1101/gr.1239303", False), ("10.2139/ssrn.3528111", True),
        ("10.21203/rs.3.rs-36317/v1", True), ("10.26434/chemrxiv-2021-x", True),
        ("10.1109/cvpr.2019.00685", False), (None, False),
    ],
)  # fmt: skip
def test_a_preprint_server_s_doi_is_no_publication(doi: str | None, preprint: bool) -> None:
    """Journals of Cold Spring Harbor share bioRxiv's prefix and stay publications."""
    assert is_preprint(None, doi) is preprint
    assert publication(None, doi)[1] == (None if preprint else doi)


def test_a_venue_decides_before_the_doi() -> None:
    """A paper published in a journal is published, whatever DOI the record carries."""
    assert not is_preprint("Nature", "10.48550/arxiv.1706.03762")


def test_nothing_known_is_no_preprint() -> None:
    """Without venue and DOI nothing is claimed."""
    assert not is_preprint(None)
    assert not is_preprint("")
    assert publication(None, None) == (None, None)


def test_long_names_become_acronyms_with_their_year() -> None:
    """Lists write `ICCV 2019`; NeurIPS was NIPS until 2017."""
    assert venue_and_year("IEEE International Conference on Computer Vision", 2019) == "ICCV 2019"
    assert venue_and_year("Neural Information Processing Systems", 2017) == "NIPS 2017"
    assert venue_and_year("Neural Information Processing Systems", 2018) == "NeurIPS 2018"
    assert venue_and_year("KDD '20 (2020)", 2021) == "KDD '20 (2020)"
    assert venue_and_year("Somewhere", None) == "Somewhere"
    assert short_venue("Neural Information Processing Systems", 2018) == "NeurIPS"
    assert short_venue("Somewhere", 1999) == "Somewhere"
