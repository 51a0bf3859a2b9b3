"""Which differences of two titles are slips and which make two papers: the bounds of the rules."""

from __future__ import annotations

import pytest

from enrich.papers.title_difference import (
    addition_veto,
    cover_veto,
    differ,
    is_name,
    is_slip,
    label_veto,
    numerals,
    reference_veto,
    subtitle_veto,
    veto,
)
from enrich.papers.titles import Title


def numbers(text: str) -> dict[str, int]:
    return dict(numerals(Title.of(text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("YOLOv3 in 3D", {"3": 2}),
        ("Version 2.0 and 1.5", {"2": 1, "1.5": 1}),
        ("1,000 Frames of 007", {"1000": 1, "7": 1}),
        ("Zero to 0", {"0": 2}),
        ("First Two of Twelve", {"1": 1, "2": 1, "12": 1}),
        ("Parts II and XIV", {"2": 1, "14": 1}),
        ("Genus Two Splittings II", {"2": 2}),
        ("Part I of V Things", {"1": 1}),
        ("Shifts V", {"5": 1}),
        ("Shifts V: More", {"5": 1}),
        ("I Shift", {}),
        ("Vitamin X Shifts", {}),
        ("C++ and A+", {"+++": 1}),
        ("XXXIX", {"39": 1}),
        ("Nothing", {}),
    ],
)
def test_the_numbers_of_a_title(text: str, found: dict[str, int]) -> None:
    """Digits, words and roman numerals, each as often as it occurs; signs together."""
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("video", "video", True),
        ("video", "vidio", True),
        ("video", "vdieo", True),
        ("video", "vidios", False),
        ("temporal", "tempral", True),
        ("temporal", "temprl", False),  # two letters of eight
        ("recognition", "recogntin", True),  # two of eleven
        ("relations", "relotiens", True),  # two of nine
        ("relation", "relotien", False),
        ("video", "wideo", False),
        ("net", "nets", True),
        ("nets", "nats", True),
        ("net", "nat", False),
        ("is", "iss", False),
        ("loss", "losses", True),
        ("h2o", "h2oo", False),
        ("supervised", "unsupervised", False),
        ("symmetric", "asymmetric", False),
        ("intracell", "intercell", False),
        ("hypotension", "hypertension", False),
        ("homogeneous", "heterogeneous", False),
        ("microscale", "macroscale", False),
        ("prefer", "profer", False),
        ("bilinear", "bylinear", False),
        ("deform", "diform", False),
        ("inmobile", "immobile", False),
        ("subspace", "surspace", False),
        ("unit", "unitt", True),
        ("theorem", "ttheorem", True),
    ],
)
def test_a_slip_is_a_letter_or_a_plural(one: str, other: str, slip: bool) -> None:
    """One letter, two in words of nine and more; never the first, a digit or a prefix."""
    assert is_slip(one, other) is slip
    assert is_slip(other, one) is slip


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("TSM", True), ("iPrivacy", True), ("SE-Sync", True), ("LaMDA", True), ("R-CNN", True),
        ("Networks", False), ("User-Driven", False), ("A", False), ("tsm", False),
        ("Two WORDS", False), (" TSM ", True), ("TSM++", False),
    ],
)  # fmt: skip
def test_a_name_has_a_capital_behind_a_letter(word: str, name: bool) -> None:
    """Words in title case and hyphenated ones are no names."""
    assert is_name(word) is name


@pytest.mark.parametrize(
    ("one", "other", "slips", "changed"),
    [
        ("Deep LBNE Beams for You", "Deep LBNF Beams for You", 0, 2),
        ("Deep HTTPSS Beams for You", "Deep HTTPSX Beams for You", 1, 0),  # six letters: a slip
        ("Deep HTTPS Beams for You", "Deep HTTPX Beams for You", 0, 2),
        ("Deep CNN Beams for You", "Deep CNNs Beams for You", 1, 0),
        ("DEEP LBNE BEAMS FOR YOU", "deep lbnf beams for you", 1, 0),  # nothing tells a name
        ("Deep Video Nets for All", "Dee pVideo Nets for All", 1, 0),
        ("Video Deep Nets Far Away", "Wideo Deep Nets Far Away", 1, 0),  # five words
        ("Video Deep Nets Far", "Wideo Deep Nets Far", 0, 2),  # four words
        ("Deep k Means for Nets", "Deep c Means for Nets", 0, 2),
        ("Symmetric Nets for All of Us", "Asymmetric Nets for All of Us", 0, 2),
        ("On Nets", "Nets", 0, 1),
        ("Deep Nets Usng Vdeo Frames All Day", "Deep Nets Using Video Frames All Day", 2, 0),
        ("The Nets", "Nets", 1, 0),
    ],
)
def test_words_that_differ_are_slips_or_changes(
    one: str, other: str, slips: int, changed: int
) -> None:
    """In titles of five words one letter is a slip wherever it is; in short names every letter
    counts, unless the whole title is in capitals."""
    difference = differ(Title.of(one), Title.of(other))
    assert (difference.slips, len(difference.changed)) == (slips, changed)


def test_one_or_two_words_more_are_only_added() -> None:
    """A replaced word or a third one is not."""
    title = Title.of("Deep Nets for Video")
    for other, added in (
        ("Deep Nets for Slow Video", True), ("Deep Gated Nets for Slow Video", True),
        ("Very Deep Gated Nets for Slow Video", False), ("Deep Nets for Images", False),
        ("Deep Net for Video", False),
    ):  # fmt: skip
        assert differ(title, Title.of(other)).only_added is added


@pytest.mark.parametrize(
    ("before", "after", "objects"),
    [
        ("comment on the long article", "", True),
        ("a survey of", "", True),
        ("a survey of many things by", "", False),  # four words away: mentioned by the way
        ("they see a survey", "", True),
        ("", "in the survey", True),
        ("", "in the long survey", False),
        ("", "a full reply", True),
        ("", "ii", True),
        ("", "part two", True),
        ("", "in part two", True),
        ("", "as in part", False),
        ("", "2019", False),
        ("able a", "cvpr 2019", False),
    ],
)
def test_a_reference_that_is_about_a_title_is_another_text(
    before: str, after: str, objects: bool
) -> None:
    """Comments wherever they are announced; surveys and numbers next to the title."""
    assert (reference_veto(before.split(), after.split()) is not None) is objects


@pytest.mark.parametrize(
    ("words", "objects"),
    [
        ("a survey", True), ("results of a survey of nets", False),
        ("results of a survey", True), ("on a survey of nets", True), ("dataset", True),
        ("a new dataset", True), ("a dataset of nets", False),
        ("second edition", True), ("second-order nets", False),
        ("a case study", False), ("further nets", True), ("russian edition", True),
        ("for the", False), ("theory", True), ("theory of nets", False),
        ("nets", False), ("", False),
    ],
)  # fmt: skip
def test_what_is_added_may_be_another_work(words: str, objects: bool) -> None:
    """Some words anywhere in it, others only where nothing else is said."""
    assert (addition_veto(words.split()) is not None) is objects


def test_each_objection_is_told_in_words() -> None:
    """What differs stands in brackets, in order."""
    short, long = Title.of("Deep Nets"), Title.of("Deep Nets: Part 2")
    assert str(subtitle_veto(short, long)) == "only one of them is numbered (part 2)"
    assert str(veto(Title.of("Deep 3D Nets"), Title.of("Deep 2D Nets"))) == (
        "the numbers differ (2, 3)"
    )
    assert str(label_veto(Title.of("SAM 2"), short)) == "the numbers differ (2)"
    assert str(label_veto(Title.of("Summary"), short)) == (
        "only one of them is about another text (summary)"
    )
    assert str(cover_veto(Title.of("(Part 2)"))) == "only one of them is numbered (part 2)"
    assert str(cover_veto(Title.of("Reply and Erratum:"))) == (
        "only one of them is about another text (erratum, reply)"
    )
    assert label_veto(Title.of("How2 Data"), Title.of("How2 Nets")) is None
    assert label_veto(Title.of("E2M2"), short) is None
    assert label_veto(Title.of("Kepler-16b"), short) is None  # letters follow: no edition
    assert str(label_veto(Title.of("Kepler-16"), short)) == "the numbers differ (16)"
    assert str(label_veto(Title.of("NELA-GT-2018"), short)) == "the numbers differ (2018)"
    assert str(reference_veto([], ["in", "part", "2"])) == "only one of them is numbered (in part)"


@pytest.mark.parametrize(
    ("rest", "objects"),
    [
        ("2. Proofs", True), ("II", True), ("Second Proofs", True), ("v2", True),
        ("Two Views of One Problem", False), ("The R3 Testbed as an Example", False),
        ("Part Two", True), ("Volume 3", True), ("Part of a Whole", False),
        ("3D Nets at Work", False), ("Nets in 3D", False), ("2019 in Review Times", True),
        ("2019 and Other Times", False), ("A Reply", True), ("Replying", False),
    ],
)  # fmt: skip
def test_a_subtitle_that_numbers_a_title_is_another_part(rest: str, objects: bool) -> None:
    """Numbers at the beginning of a subtitle count, those of its subject do not."""
    short, long = Title.of("Deep Nets"), Title.of(f"Deep Nets: {rest}")
    assert (subtitle_veto(short, long) is not None) is objects
