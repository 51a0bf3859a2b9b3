"""Which paper an address leads to, and what else it spells out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.papers.identifiers import (
    is_supplement,
    link_hints,
    link_identity,
    link_key,
    malformed_link,
    names_data,
    names_paper,
)
from enrich.records import Identifiers

CVPR_2015 = {"venue": "CVPR", "year": "2015"}
CVPR_2018 = {"venue": "CVPR", "year": "2018"}
SHA = "204e3073870fae3d05bcbc2f6a8e263d9b72e776"


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("https://arxiv.org/abs/1706.03762", Identifiers(arxiv_id="1706.03762")),
        ("http://arxiv.org/pdf/1512.02325v2.pdf", Identifiers("1512.02325", 2)),
        ("https://arxiv.org/abs/2011.05005?context=cs.LG", Identifiers("2011.05005")),
        ("https://arxiv.org/abs/2111.11215.pdf", Identifiers("2111.11215")),
        ("https://export.arxiv.org/abs/cs/0501001", Identifiers("cs/0501001")),
        ("https://arxiv.org/ftp/arxiv/papers/1705/1705.07750.pdf", Identifiers("1705.07750")),
        ("https://128.84.21.199/pdf/1905.11605", Identifiers("1905.11605")),
        ("https://arxiv.53yu.com/pdf/2103.03097", Identifiers("2103.03097")),
        ("https://www.alphaxiv.org/abs/2005.14165v1", Identifiers("2005.14165", 1)),
        ("https://ar5iv.org/html/2005.14165", Identifiers("2005.14165")),
        ("https://huggingface.co/papers/2306.13549", Identifiers("2306.13549")),
        ("https://www.arxiv-vanity.com/papers/1706.03762/", Identifiers("1706.03762")),
        ("https://doi.org/10.48550/arXiv.1706.03762", Identifiers("1706.03762")),
        ("https://doi.org/10.1109/ICDM.2008.17", Identifiers(doi="10.1109/icdm.2008.17")),
        (
            "https://dl.acm.org/doi/abs/10.1145/3474085.3475188",
            Identifiers(doi="10.1145/3474085.3475188"),
        ),
        (
            "https://link.springer.com/content/pdf/10.1007/978-3-319-46475-6_7.pdf",
            Identifiers(doi="10.1007/978-3-319-46475-6_7"),
        ),
        (
            "https://www.biorxiv.org/content/10.1101/2020.01.30.927871v1.full.pdf",
            Identifiers(doi="10.1101/2020.01.30.927871"),
        ),
        ("https://www.nature.com/articles/nature14539", Identifiers(doi="10.1038/nature14539")),
        (
            "https://www.nature.com/articles/s41586-021-03819-2.pdf",
            Identifiers(doi="10.1038/s41586-021-03819-2"),
        ),
        (
            "https://www.aclweb.org/anthology/P18-1209.pdf",
            Identifiers(acl_id="P18-1209", doi="10.18653/v1/p18-1209"),
        ),
        ("http://aclweb.org/anthology/P/P02/P02-1040.pdf", Identifiers(acl_id="P02-1040")),
        ("https://aclanthology.org/2022.lrec-1.1/", Identifiers(acl_id="2022.lrec-1.1")),
        (
            "https://aclanthology.org/2020.findings-emnlp.1/",
            Identifiers(acl_id="2020.findings-emnlp.1", doi="10.18653/v1/2020.findings-emnlp.1"),
        ),
        ("https://openreview.net/forum?id=OOsR8BzCnl5", Identifiers(openreview_id="OOsR8BzCnl5")),
        ("https://openreview.net/pdf?id=SJU4ayYgl", Identifiers(openreview_id="SJU4ayYgl")),
        (f"https://www.semanticscholar.org/paper/A-Title/{SHA}", Identifiers(s2_paper_id=SHA)),
        (
            "https://api.semanticscholar.org/CorpusID:13756489",
            Identifiers(s2_corpus_id=13756489),
        ),
        ("https://pubmed.ncbi.nlm.nih.gov/26017442/", Identifiers(pmid="26017442")),
        (
            "https://dblp.org/rec/conf/nips/VaswaniSPUJGKP17",
            Identifiers(dblp_id="conf/nips/VaswaniSPUJGKP17"),
        ),
        (
            "https://www.biorxiv.org/content/10.64898/2025.12.01.691234v2.article-metrics",
            Identifiers(doi="10.64898/2025.12.01.691234"),
        ),
        (
            "https://www.medrxiv.org/content/10.1101/19012345v1.full-text",
            Identifiers(doi="10.1101/19012345"),
        ),
        (
            "https://academic.oup.com/nar/article/doi/10.1093/nar/gkab123/6204649",
            Identifiers(doi="10.1093/nar/gkab123"),
        ),
        (
            "https://direct.mit.edu/tacl/article-pdf/doi/10.1162/tacl_a_00638/2336043/tacl_a.pdf",
            Identifiers(doi="10.1162/tacl_a_00638"),
        ),
        (
            "https://iopscience.iop.org/article/10.1088/1367-2630/ab1234/meta",
            Identifiers(doi="10.1088/1367-2630/ab1234"),
        ),
        ("https://elifesciences.org/articles/12345v2", Identifiers(doi="10.7554/elife.12345")),
        ("https://peerj.com/articles/cs-103/", Identifiers(doi="10.7717/peerj-cs.103")),
        ("https://peerj.com/articles/453.pdf", Identifiers(doi="10.7717/peerj.453")),
        (
            "https://papers.ssrn.com/sol3/papers.cfm?abstract_id=4389233",
            Identifiers(doi="10.2139/ssrn.4389233"),
        ),
        (
            "https://pubs.rsc.org/en/content/articlelanding/2020/sc/d0sc00001a",
            Identifiers(doi="10.1039/d0sc00001a"),
        ),
        (
            "https://www.ijcai.org/proceedings/2019/0123.pdf",
            Identifiers(doi="10.24963/ijcai.2019/123"),
        ),
        ("https://www.ijcai.org/proceedings/2016/0123.pdf", Identifiers()),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3531190/", Identifiers(pmcid="3531190")),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC3531190/", Identifiers(pmcid="3531190")),
        ("https://europepmc.org/article/MED/26017442", Identifiers(pmid="26017442")),
        ("https://europepmc.org/article/PMC/PMC3531190", Identifiers(pmcid="3531190")),
        (
            "https://dblp.org/rec/journals/corr/abs-1706-03762.html",
            Identifiers("1706.03762", dblp_id="journals/corr/abs-1706-03762"),
        ),
        (
            "https://ui.adsabs.harvard.edu/abs/2017arXiv170603762V/abstract",
            Identifiers("1706.03762"),
        ),
        ("https://ui.adsabs.harvard.edu/abs/2008arXiv0801.1234S", Identifiers("0801.1234")),
        ("https://arxiv.org/abs/" + "1" * 9000, Identifiers()),
        ("https://github.com/a/b", Identifiers()),
        ("https://arxiv.org/list/cs.CV/2001", Identifiers()),
        ("https://arxiv.org/a/lecun_y_1", Identifiers()),
        ("ftp://arxiv.org/abs/1706.03762", Identifiers()),
        ("http://[broken", Identifiers()),
        ("", Identifiers()),
    ],
)  # fmt: skip
def test_link_identity(url: str, ids: Identifiers) -> None:
    """An address gives exactly the identifiers that it spells out or that follow from it."""
    assert link_identity(url) == ids


@pytest.mark.parametrize(
    ("url", "hints"),
    [
        (
            "http://openaccess.thecvf.com/content_cvpr_2018/papers/"
            "Wang_Non-Local_Neural_Networks_CVPR_2018_paper.pdf",
            {"title": "Non-Local Neural Networks", "first_author": "Wang"} | CVPR_2018,
        ),
        (
            "http://www.cv-foundation.org/openaccess/content_cvpr_2015/papers/"
            "Wang_Action_Recognition_With_2015_CVPR_paper.pdf",
            {"title": "Action Recognition With", "first_author": "Wang"} | CVPR_2015,
        ),
        (
            "https://www.ecva.net/papers/eccv_2020/papers_ECCV/papers/123460001.pdf",
            {"venue": "ECCV", "year": "2020"},
        ),
        (
            "https://papers.nips.cc/paper/5353-two-stream-convolutional-networks.pdf",
            {"title": "two stream convolutional networks", "venue": "NeurIPS"},
        ),
        (
            "https://proceedings.neurips.cc/paper/2020/hash/1457c0d6bfcb4967418bfb8ac142f64a-Abstract.html",
            {"venue": "NeurIPS", "year": "2020"},
        ),
        (
            "http://proceedings.mlr.press/v97/tan19a.html",
            {"first_author": "tan", "venue": "ICML", "year": "2019"},
        ),
        ("https://example.org/a.pdf", {}),
    ],
)  # fmt: skip
def test_link_hints(url: str, hints: dict[str, str]) -> None:
    """Proceedings spell out author, title, venue and year in their file names."""
    assert dict(link_hints(url)) == hints


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://arxiv.org/abs/1706.03762v5", "https://huggingface.co/papers/1706.03762"),
        (
            "http://openaccess.thecvf.com/content_cvpr_2018/papers/Wang_Non-Local_Neural_Networks_CVPR_2018_paper.pdf",
            "https://openaccess.thecvf.com/content_cvpr_2018/html/Wang_Non-Local_Neural_Networks_CVPR_2018_paper.html",
        ),
        (
            "https://papers.nips.cc/paper/2020/hash/1457c0d6bfcb4967418bfb8ac142f64a-Abstract.html",
            "https://proceedings.neurips.cc/paper/2020/file/1457c0d6bfcb4967418bfb8ac142f64a-Paper.pdf",
        ),
        ("http://proceedings.mlr.press/v97/tan19a.html", "http://proceedings.mlr.press/v97/tan19a/tan19a.pdf"),
        ("https://ieeexplore.ieee.org/document/8894404", "https://ieeexplore.ieee.org/abstract/document/8894404/"),
        ("https://aclanthology.org/P18-1209/", "http://www.aclweb.org/anthology/P18-1209.pdf"),
    ],
)  # fmt: skip
def test_one_paper_one_key(one: str, other: str) -> None:
    """Addresses of the same paper have the same key."""
    assert link_key(one) is not None
    assert link_key(one) == link_key(other)


def test_malformed_and_data() -> None:
    """A paper's address without an identifier is reported; a DOI of data names no paper."""
    assert (
        malformed_link("https://arxiv.org/abs/1904.1766")
        == "'abs/1904.1766' is no arXiv identifier"
    )
    assert malformed_link("https://doi.org/foo") == "'foo' is no DOI"
    assert malformed_link("https://arxiv.org/abs/1904.01766") is None
    assert malformed_link("https://example.org/abs/1904.1766") is None
    assert names_paper("https://arxiv.org/abs/1904.01766")
    assert not names_paper("https://doi.org/10.5281/zenodo.1234")
    assert not names_paper("https://github.com/a/b")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.usenix.org/conference/usenixsecurity19/presentation/jung",
        "https://www.mdpi.com/2072-4292/12/3/456/htm",
        "https://www.cell.com/cell/fulltext/S0092-8674(19)30229-4",
        "https://www.pnas.org/content/114/13/3521",
        "https://www.sciencedirect.com/science/article/abs/pii/S0893608014002135",
        "https://pubs.rsc.org/en/content/articlehtml/2020/sc/d0sc00001a",
        "https://www.tandfonline.com/doi/full/10.1080/01621459.2017.1285773",
        "https://onlinelibrary.wiley.com/doi/abs/10.1002/anie.201800001",
        "https://ieeexplore.ieee.org/abstract/document/8894404/",
        "https://ojs.aaai.org/index.php/AAAI/article/view/16119",
        "https://journal.example.edu/index.php/jdh/article/view/77",
        "https://msb.embopress.org/content/12/7/878",
        "https://www.science.org/doi/10.1126/science.aaa8415",
        "https://eprint.iacr.org/2019/1077",
        "https://citeseerx.ist.psu.edu/viewdoc/summary?doi=10.1.1.448.3918",
        "https://papers.ssrn.com/sol3/papers.cfm?abstract_id=4389233",
    ],
)
def test_article_pages_are_papers(url: str) -> None:
    """The page of one article at a publisher proves a paper, with or without an identifier."""
    assert names_paper(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.usenix.org/conference/usenixsecurity19",
        "https://www.mdpi.com/journal/remotesensing",
        "https://www.nature.com/nmeth/",
        "https://ieeexplore.ieee.org/xpl/RecentIssue.jsp?punumber=42",
        "http://www.springer.com/medicine/radiology/journal/11548",
        "https://www.sciencedirect.com/journal/neural-networks",
        "https://dl.acm.org/journal/tog",
        "https://aaai.org/conference/aaai/aaai-24/",
        "https://proceedings.mlr.press/",
        "https://example.org/content/page",
        "https://notieee.org.example.com/document/8894404",
        "https://openreview.net/attachment?id=abcdefg&name=supplementary_material",
        "https://dblp.org/rec/conf/nips/VaswaniSPUJGKP17.bib",
        "https://openaccess.thecvf.com/content/CVPR2021/supplemental/A_B_CVPR_2021_supplemental.pdf",
    ],
)
def test_what_is_no_article_proves_nothing(url: str) -> None:
    """Journals, meetings, supplements and citation files of a publisher are not the paper."""
    assert not names_paper(url)


def test_supplements_keep_their_key() -> None:
    """A supplement leads to no paper but belongs to one: its key is that of the paper."""
    bib = "https://dblp.org/rec/conf/nips/VaswaniSPUJGKP17.bib"
    assert is_supplement(bib)
    assert link_key(bib) == "dblp:conf/nips/VaswaniSPUJGKP17"
    assert names_data("https://doi.org/10.5281/zenodo.1234")


@given(st.text(max_size=80) | st.text(max_size=60).map("https://arxiv.org/".__add__))
def test_no_address_crashes(url: str) -> None:
    """Any text may stand where an address is expected."""
    link_identity(url)
    link_hints(url)
    link_key(url)
    malformed_link(url)
    names_paper(url)
