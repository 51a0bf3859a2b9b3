from __future__ import annotations

import pytest

from enrich.papers.author_names import compare_authors, find_authors, named, surname

MIECH = ["Antoine Miech", "Ivan Laptev", "Josef Sivic"]


@pytest.mark.parametrize(
    "text",
    [
        "Miech, Antoine, Ivan Laptev, and Josef Sivic",
        "Miech, Antoine, et al.",
        "Antoine Miech and Ivan Laptev and Josef Sivic",
        "A. Miech, I. Laptev, J. Sivic",
        "Miech, A., Laptev, I., Sivic, J.",
        "Miech et al",
        "A. Miech * , I. Laptev *",
        "ANTOINE MIECH; IVAN LAPTEV",
        "Mïech, Antoine",
        "Antoine Miech, Ivan Laptew, Josef Sivic",
    ],
)
def test_the_ways_lists_write_authors_agree(text: str) -> None:
    """Order, initials, et al., accents, footnote signs and a slip do not make other people."""
    found = compare_authors(text, MIECH)
    assert found is not None
    assert found.agrees
    assert not found.conflicts


@pytest.mark.parametrize("text", ["Wang, Xiaolong, and Kaiming He", "Fu et al.", "Maria Lopez"])
def test_other_people_are_a_contradiction(text: str) -> None:
    """Names none of which is in the record speak against it."""
    found = compare_authors(text, MIECH)
    assert found is not None
    assert found.conflicts


def test_a_shared_surname_with_other_given_names_is_no_witness() -> None:
    """Half of a field is called Wang: the given name has to fit where there is one."""
    found = compare_authors("Limin Wang, Yu Qiao", ["Xiaolong Wang", "Wei Qiao"])
    assert found is not None
    assert not found.agrees


@pytest.mark.parametrize("text", [None, "", "  ", "et al.", "Google Brain Team", "A. B."])
def test_nobody_named_is_no_evidence(text: str | None) -> None:
    """Silence, a company or initials alone say nothing either way."""
    assert compare_authors(text, MIECH) is None


def test_a_record_without_authors_is_no_evidence() -> None:
    """A record that names nobody neither agrees nor contradicts."""
    assert compare_authors("Miech et al.", []) is None


def test_authors_are_found_in_running_text() -> None:
    """A reference names its authors without telling where they end."""
    text = "Dai, J., He, K., Sun, J. Instance-aware. In CVPR, 2016"
    found = find_authors(text, ["Jifeng Dai", "Kaiming He", "Jian Sun"])
    assert found is not None
    assert found.agrees
    assert find_authors("no one here", ["Jifeng Dai"]) is None


def test_surnames_come_from_either_order() -> None:
    """`Given Surname`, `Surname, Given` and suffixes are told apart."""
    names = ["Josef Sivic", "Sivic, Josef", "Josef Sivic Jr.", "Sivic"]
    assert {surname(name) for name in names} == {"sivic"}
    assert named("B. Zhang * , H. Hu * , F. Sha") == [("b", "zhang"), ("h", "hu"), ("f", "sha")]
