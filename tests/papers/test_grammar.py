"""Each identifier has one grammar; what does not follow it is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.papers.identifiers import (
    ASKABLE,
    KINDS,
    id_keys,
    normalise_acl_id,
    normalise_arxiv_id,
    normalise_doi,
    normalise_openreview_id,
    normalise_s2_id,
    parse_key,
    text_identities,
    wire_id,
)
from enrich.records import Identifiers


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("1906.03327", ("1906.03327", None)),
        ("arXiv:1906.03327v2", ("1906.03327", 2)),
        ("arxiv: 1906.03327", ("1906.03327", None)),
        ("1906.03327v12.pdf", ("1906.03327", 12)),
        ("10.48550/arXiv.1906.03327", ("1906.03327", None)),
        ("https://doi.org/10.48550/ARXIV.1906.03327", ("1906.03327", None)),
        ("https://arxiv.org/abs/1312.6114v10", ("1312.6114", 10)),
        ("arXiv:1906.03327v1 [cs.CV]", ("1906.03327", 1)),
        ("cs/0501001", ("cs/0501001", None)),
        ("cs.CV/0501001v3", ("cs/0501001", 3)),
        ("hep-th/9901001", ("hep-th/9901001", None)),
    ],
)
def test_arxiv(written: str, bare: tuple[str, int | None]) -> None:
    """Old and new arXiv identifiers come out bare, the version apart."""
    assert normalise_arxiv_id(written) == bare


@pytest.mark.parametrize(
    "written",
    [
        "", "1906.0332", "1412.69801", "1501.1234", "0703.0001", "1913.03327", "1906.00000",
        "1906.033271", "21906.03327", "cs/9913001", "foo/0501001", "1906.03327v0", "arXiv",
        "https://arxiv.org/list/cs.CV/recent", "https://example.org/1906.03327", "10.1145/12.34",
    ],
)  # fmt: skip
def test_not_arxiv(written: str) -> None:
    """Digits that fit no month's scheme, unknown archives and other addresses are no identifier."""
    assert normalise_arxiv_id(written) is None


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("10.1109/ICDM.2008.17", "10.1109/icdm.2008.17"),
        ("doi:10.1038/nature14539.", "10.1038/nature14539"),
        ("https://dx.doi.org/10.1016/S0004-3702(02)00128-7", "10.1016/s0004-3702(02)00128-7"),
        ("DOI 10.1000/abc)", "10.1000/abc"),
        ("https://doi.org/10.1002/%28SICI%291097", "10.1002/(sici)1097"),
        ("10.12/abc", None),
        ("11.1000/abc", None),
        ("10.1000", None),
        ("10.1000/", None),
    ],
)
def test_doi(written: str, bare: str | None) -> None:
    """A DOI comes out bare and in lower case, balanced brackets kept, closing marks dropped."""
    assert normalise_doi(written) == bare


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("P18-1209", "P18-1209"), ("n19-1423", "N19-1423"), ("ACL:W17-5401", "W17-5401"),
        ("2020.acl-main.1", "2020.acl-main.1"), ("2025.emnlp-demos.48", "2025.emnlp-demos.48"),
        ("2021.tacl-1.74", "2021.tacl-1.74"), ("P18", None), ("P18-1", None), ("2020.acl", None),
    ],
)  # fmt: skip
def test_acl(written: str, bare: str | None) -> None:
    """ACL Anthology identifiers of both schemes."""
    assert normalise_acl_id(written) == bare


def test_s2_and_openreview() -> None:
    """Semantic Scholar's 40 hex digits, OpenReview's ids whose case matters."""
    assert normalise_s2_id("204E3073870FAE3D05BCBC2F6A8E263D9B72E776") is not None
    assert normalise_s2_id("204e3073") is None
    assert normalise_openreview_id("OOsR8BzCnl5") == "OOsR8BzCnl5"
    assert normalise_openreview_id("a b") is None


def test_text() -> None:
    """Identifiers in running text are found in order, each once, none inside another's address."""
    text = (
        "Miech et al. (arXiv:1906.03327 (2019)), arXiv preprint arXiv:1901.09107v2; "
        "CoRR, abs/1502.05477; doi:10.1145/12.34. CorpusID: 13756489, PMID 12345, "
        "https://arxiv.org/abs/1706.03762. again arXiv:1906.03327"
    )
    found = text_identities(text)
    assert [ids.arxiv_id for ids in found if ids.arxiv_id] == [
        "1906.03327", "1901.09107", "1502.05477", "1706.03762",
    ]  # fmt: skip
    assert [ids.arxiv_version for ids in found if ids.arxiv_id == "1901.09107"] == [2]
    assert [ids.doi for ids in found if ids.doi] == ["10.1145/12.34"]
    assert [ids.s2_corpus_id for ids in found if ids.s2_corpus_id] == [13756489]
    assert [ids.pmid for ids in found if ids.pmid] == ["12345"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("PMCID: PMC3531190", Identifiers(pmcid="3531190")),
        ("see PMC3531190.", Identifiers(pmcid="3531190")),
        ("doi: 10.1101/2020.01.30.927871v2", Identifiers(doi="10.1101/2020.01.30.927871")),
        ("doi.org/10.64898/2025.12.01.691234v1", Identifiers(doi="10.64898/2025.12.01.691234")),
        ("CoRR, volume abs/1706.03762", Identifiers("1706.03762")),
        ("the PMC of 2019", None),
    ],
)  # fmt: skip
def test_other_registries(text: str, ids: Identifiers | None) -> None:
    """PubMed Central, bioRxiv (the version is no part of its DOIs) and DBLP's form of arXiv ids."""
    assert text_identities(text) == ((ids,) if ids else ())


@pytest.mark.parametrize(
    "text", ["in 2015.12345 cases", "version 1906.03327", "pages 1706.03762", "10.5 of 10.1000"]
)
def test_bare_numbers_are_no_identifiers(text: str) -> None:
    """Digits alone, without arXiv's name beside them, are not believed."""
    assert text_identities(text) == ()


NEW = st.builds(
    lambda y, m, n: f"{y:02}{m:02}.{n:0{5 if y >= 15 else 4}}",
    st.integers(8, 30), st.integers(1, 12), st.integers(1, 9999),
)  # fmt: skip
FORMS = st.sampled_from(
    [
        "{}", "arXiv:{}", "https://arxiv.org/abs/{}", "https://arxiv.org/pdf/{}v3.pdf",
        "10.48550/arXiv.{}", "https://ar5iv.labs.arxiv.org/html/{}",
        "https://www.alphaxiv.org/abs/{}", "https://huggingface.co/papers/{}",
        "https://www.semanticscholar.org/arxiv/{}",
    ]
)  # fmt: skip


@given(NEW, FORMS)
def test_arxiv_round_trip(bare: str, form: str) -> None:
    """However a valid identifier is written, it comes out as itself, and again as itself."""
    found = normalise_arxiv_id(form.format(bare))
    assert found is not None
    assert found[0] == bare
    assert normalise_arxiv_id(found[0]) == (bare, None)


@given(st.text(max_size=60))
def test_nothing_crashes(text: str) -> None:
    """Any text is an identifier or none; what is one is in its normal form already."""
    for normalise in (normalise_doi, normalise_acl_id, normalise_openreview_id, normalise_s2_id):
        found = normalise(text)
        assert found is None or normalise(found) == found
    normalise_arxiv_id(text)
    text_identities(text)


def test_every_identifier_has_a_kind() -> None:
    """The table of kinds covers every field of `Identifiers` except the arXiv version."""
    fields = set(Identifiers.__slots__) - {"arxiv_version"}
    assert {kind.field for kind in KINDS} == fields
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_keys_come_strongest_first() -> None:
    """arXiv before DOI before the rest; what no service knows is not asked for."""
    ids = Identifiers(arxiv_id="1811.08383", doi="10.1/a", s2_corpus_id=7, openreview_id="abcdefg")
    assert id_keys(ids) == ("arxiv:1811.08383", "doi:10.1/a", "corpus:7", "openreview:abcdefg")
    assert [kind.name for kind in ASKABLE][:4] == ["s2", "corpus", "arxiv", "doi"]
    assert "openreview" not in {kind.name for kind in ASKABLE}


@pytest.mark.parametrize(
    ("written", "key", "wire"),
    [
        ("arXiv: 1811.08383v2", "arxiv:1811.08383", "ARXIV:1811.08383"),
        ("DOI:10.1145/ABC.1", "doi:10.1145/abc.1", "DOI:10.1145/abc.1"),
        ("corpus:0013756489", "corpus:13756489", "CorpusId:13756489"),
        ("s2:" + "A" * 40, "s2:" + "a" * 40, "a" * 40),
        ("pmcid:PMC3531190", "pmcid:3531190", "PMCID:3531190"),
        ("acl:n19-1423", "acl:N19-1423", "ACL:N19-1423"),
        ("mag:12", "mag:12", "MAG:12"),
        ("doi:10.48550/arXiv.1811.08383", None, ""),
        ("arxiv:1811.8383", None, ""),
        ("corpus:" + "9" * 19, None, ""),
        ("isbn:12", None, ""),
        ("1811.08383", None, ""),
        ("", None, ""),
    ],
)
def test_keys(written: str, key: str | None, wire: str) -> None:
    """A key a person writes is brought into normal form, and spelled as the service wants it."""
    assert parse_key(written) == key
    if key is not None:
        assert wire_id(key) == wire


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_a_key_is_its_own_normal_form(kind: object, text: str) -> None:
    """Parsing what was parsed changes nothing, for any kind and any text."""
    key = parse_key(f"{kind.name}:{text}")  # type: ignore[attr-defined]
    assert key is None or parse_key(key) == key


def test_only_what_can_be_asked_is_spelled() -> None:
    """Semantic Scholar takes no OpenReview ids: asking for one is a mistake of the caller."""
    with pytest.raises(ValueError, match="openreview"):
        wire_id("openreview:abcdefg")
