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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dai, J., He, K., Sun, J. In CVPR", (1.0, True, 3)),
        ("Dai, J. In CVPR", (0.3333, True, 3)),
        ("Dai, J. et al. In CVPR", (1.0, True, 3)),
        ("Dai, J. and others", (1.0, True, 3)),
        ("He, K. et al.", (0.3333, False, 3)),  # the others follow the first author
        ("He, K., Sun, J.", (0.6667, False, 3)),
        ("JIFENG DAI", (0.3333, True, 3)),
    ],
)
def test_the_share_of_authors_in_running_text(text: str, found: tuple[float, bool, int]) -> None:
    """By surname, any order; "et al." stands for the others where the first is named."""
    agreement = find_authors(text, ["Jifeng Dai", "Kaiming He", "Jian Sun"])
    assert agreement is not None
    assert agreement[:3] == found
    assert find_authors(text, []) is None
    assert find_authors("", ["Jifeng Dai"]) is None
    assert find_authors("x in here", ["X", "Jifeng Dai"]) is None  # a letter is no surname


@pytest.mark.parametrize(
    ("text", "names", "score"),
    [
        ("J. Lin", ["Ji Lin"], 1.0), ("Jim Lin", ["Ji Lin"], 0.3), ("Jin Lin", ["J. Lin"], 1.0),
        ("Jonathan Lin", ["Jon Lin"], 1.0), ("Jon Lin", ["Jonathan Lin"], 1.0),
        ("Jo Lin", ["Jonathan Lin"], 0.3), ("K. Lin", ["J. Lin"], 0.3), ("Lin", ["Ji Lin"], 1.0),
        ("Ivan Laptew", ["Ivan Laptev"], 0.8), ("Laptew", ["Ivan Laptev"], 0.0),
        ("Ivan Lin", ["Ivan Lim"], 0.0), ("Olga Laptew", ["Ivan Laptev"], 0.0),
        ("Ji Lin", ["Lin"], 1.0),
    ],
)  # fmt: skip
def test_how_close_a_name_is(text: str, names: list[str], score: float) -> None:
    """Initials and short forms fit, a misspelt surname needs a given name, other given names
    leave the surname alone."""
    agreement = compare_authors(text, names)
    assert agreement is not None
    assert agreement.score == score


def test_all_authors_named_and_no_others_is_complete() -> None:
    """Two people at least, each with fitting given names."""
    for text, complete in (
        ("I. Laptev, A. Miech, J. Sivic", True), ("Antoine Miech, Ivan Laptev", False),
        ("Antoine Miech, Ivan Laptev, Josef Sivic, Jan Novak", False),
        ("Bruno Miech, Ivan Laptev, Josef Sivic", False), ("Antoine Miech et al.", False),
    ):  # fmt: skip
        found = compare_authors(text, MIECH)
        assert found is not None
        assert found.complete is complete, text
    alone = compare_authors("Antoine Miech", MIECH[:1])
    assert alone is not None
    assert not alone.complete


def test_names_in_another_script_say_nothing() -> None:
    """They neither agree with Latin names nor contradict them; in one script they count."""
    assert compare_authors("李飞飞, 王伟", MIECH) is None
    mixed = compare_authors("李飞飞, Antoine Miech", MIECH)
    assert mixed is not None
    assert (mixed.score, mixed.named) == (1.0, 1)
    own = compare_authors("王伟", ["王伟"])
    assert own is not None
    assert own.agrees
