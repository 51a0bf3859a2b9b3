"""How two titles relate: each kind, and where one kind ends and the next begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.resolve.title_relation import NEAR, relate, unlike

SHIFT = "Temporal Shift Module for Efficient Video Understanding"


@pytest.mark.parametrize(
    ("listed", "found", "kind"),
    [
        (SHIFT, SHIFT.lower(), "same"),
        ("", SHIFT, "other"),
        (SHIFT, "", "other"),
        ("[TSM] " + SHIFT, SHIFT, "trimmed"),
        ("CVPR 2019: " + SHIFT, SHIFT, "trimmed"),
        ("(ICCV 2019 Oral) " + SHIFT, SHIFT, "trimmed"),
        ("3. " + SHIFT, SHIFT, "trimmed"),
        (SHIFT + ", ICCV 2019", SHIFT, "trimmed"),
        (SHIFT + " (ICCV'19)", SHIFT, "trimmed"),
        (SHIFT + ". ICCV '19", SHIFT, "trimmed"),
        (SHIFT + " arXiv:1811.08383", SHIFT, "trimmed"),
        ("[3] " + SHIFT + " (Oral)", SHIFT, "trimmed"),
        ("TSM: " + SHIFT, SHIFT, "named"),
        ("Shifting: " + SHIFT, SHIFT, "labelled"),
        ("Temporal-Shift: " + SHIFT, SHIFT, "labelled"),
        ("TSM: Video Understanding Modules", "Video Understanding Modules", "labelled"),
        ("TSM: Video Understanding Modules Now", "Video Understanding Modules Now", "named"),
        ("Video Understanding Modules Now", "TSM: Video Understanding Modules Now", "named"),
        ("Some Long Label: " + SHIFT, SHIFT, "labelled"),
        (SHIFT, "TSM: " + SHIFT, "named"),
        (SHIFT, "iShift - " + SHIFT, "named"),
        (SHIFT, "Shifting - " + SHIFT, "unlabelled"),
        ("Efficient Video Understanding Modules", "X: Efficient Video Understanding Modules",
         "unlabelled"),
        ("Video Understanding Modules", "LongLabel: Video Understanding Modules", "part"),
        (SHIFT, "Two Words: " + SHIFT, "near"),
        (SHIFT.replace("Module", "Modul"), SHIFT, "slip"),
        ("The " + SHIFT, SHIFT, "slip"),
        ("CNNs for Video", "Convolutional Neural Networks for Video", "slip"),
        ("Learning w/ Noise w/o Labels", "Learning with Noise Without Labels", "slip"),
        ("Catalogue Programmes", "Catalog Programs", "slip"),
        ("Two Shifts in 10 Nets", "2 Shifts in Ten Nets", "slip"),
        ("The Long Story: " + SHIFT, SHIFT + ": The Long Story", "slip"),
        ("The Long Story. " + SHIFT, SHIFT + ": The Long Tale", "part"),
        (SHIFT[:42] + "...", SHIFT, "shortened"),
        (SHIFT, SHIFT + ": The Long Story", "dropped"),
        (SHIFT, SHIFT + " (Extended Abstract)", "dropped"),
        (SHIFT + ": The Long Story", SHIFT, "added"),
        (SHIFT + "? No", SHIFT + "?", "added"),
        (SHIFT[:30] + "...", SHIFT, "cut"),
        (SHIFT[:30] + "…", SHIFT, "cut"),
        (SHIFT[:25], SHIFT, "truncated"),
        (SHIFT, SHIFT + " Nets", "cut"),
        (SHIFT + " Nets", SHIFT, "quoted"),
        ("As in " + SHIFT + " by them", SHIFT, "quoted"),
        (SHIFT.replace("Video", "Image"), SHIFT, "near"),
        ("Shift Module for Video Understanding with Efficient Temporal Parts", SHIFT, "part"),
        ("Spectral Theory of Graphs", SHIFT, "other"),
    ],
)  # fmt: skip
def test_each_relation_is_named(listed: str, found: str, kind: str) -> None:
    """The closest relation of all readings of the list's title counts."""
    assert relate(listed, found).kind == kind


@pytest.mark.parametrize(
    ("listed", "found", "objection"),
    [
        (SHIFT + " (Erratum)", SHIFT, "another text"),
        ("Erratum: " + SHIFT, SHIFT, "another text"),
        ("Reply to: " + SHIFT, SHIFT, "another text"),
        (SHIFT + " (Part 2)", SHIFT, "part"),
        (SHIFT + " (III)", SHIFT, "part"),
        ("Part II: " + SHIFT, SHIFT, "part"),
        ("SAM 2: " + SHIFT, SHIFT, "number"),
        (SHIFT, "SAM 2: " + SHIFT, "number"),
        (SHIFT, "Erratum: " + SHIFT, "another text"),
        ("TSM++: " + SHIFT, SHIFT, "part"),
        ("[TSM++] " + SHIFT, SHIFT, "part"),
        (SHIFT, SHIFT + ": A Reply", "another text"),
        (SHIFT, SHIFT + ": A Survey", "another work"),
        (SHIFT + ": A Survey", SHIFT, "another work"),
        (SHIFT, SHIFT + ": Part II", "part"),
        ("Cys2His2 Finger Folds: Part 2", "Cys2His2 Finger Folds", "part"),
        (SHIFT, SHIFT + ": 2. Proofs", "number"),
        (SHIFT, SHIFT + ": Second Proofs", "another work"),
        ("We reply to " + SHIFT + " of theirs", SHIFT, "another text"),
        ("A Survey of " + SHIFT + " of theirs", SHIFT, "another text"),
        ("As in " + SHIFT + " II by them", SHIFT, "part"),
        (SHIFT + " 2", SHIFT, "part"),
        (SHIFT, SHIFT + " 2", "number"),
        ("YOLOv3: An Incremental Improvement", "YOLOv4: An Incremental Improvement", "number"),
        ("Loss of 3D Video Shifts in Nets", "Loss of 2D Video Shift in Nets", "number"),
    ],
)
def test_every_relation_passes_the_veto(listed: str, found: str, objection: str) -> None:
    """Errata, replies, parts, versions and surveys are other papers, however they are written."""
    against = relate(listed, found).against
    assert against is not None
    assert against.kind == objection
    assert str(against)


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        (SHIFT, SHIFT + ": Lessons of 3D Shifts"),  # a number later in a subtitle
        ("[3] " + SHIFT, SHIFT),
        ("CVPR 2019: " + SHIFT, SHIFT),
        ("Lin, J., Gan, C. " + SHIFT + " In ICCV, 2019, pages 1-7", SHIFT),
        ("How2 Dataset: How2: A Large-scale Dataset", "How2: A Large-scale Dataset"),
        ("COVID-19 Forecasts: " + SHIFT + " 19", SHIFT + " 19"),
        (SHIFT, SHIFT + " (Extended Version)"),
    ],
)
def test_venues_years_and_references_are_no_objection(listed: str, found: str) -> None:
    """Numbers of the list, of a venue or of a reference say nothing about the paper."""
    assert relate(listed, found).against is None


def test_titles_are_compared_word_by_word_from_a_likeness_of_85_on() -> None:
    """Below, a title with slips is only a part of the other; above, slips are forgiven."""
    listed, found = "Vidoe Shfts and Graps in Time", "Video Shifts and Graphs in Times"
    assert relate(listed, found).likeness >= 0.85
    less = relate("Deep Video Shift Nets", "Deep Videos Shifts Netz")
    assert less.likeness >= 0.85
    below = relate("Abcd Efgh Ijkl", "Abcde Efghs Ijkls Mn")
    assert 0.8 <= below.likeness < 0.85
    assert below.kind in ("part", "other")
    assert NEAR == 0.85


@pytest.mark.parametrize(("words", "slips", "kind"), [(5, 1, "slip"), (5, 2, "slips"),
                                                      (6, 2, "slip"), (6, 3, "slips"),
                                                      (6, 4, "near"), (12, 3, "slip"),
                                                      (12, 4, "slips")])  # fmt: skip
def test_longer_titles_may_have_more_slips(words: int, slips: int, kind: str) -> None:
    """One slip, and one more for every six words; with agreeing authors, for every three."""
    names = ["temporal", "shifting", "modules", "quickly", "understand", "videos", "without",
             "labelling", "anything", "whatever", "happens", "afterwards"][:words]  # fmt: skip
    typed = [f"{w[:3]}{w[4:]}" if at < slips else w for at, w in enumerate(names)]
    assert relate(" ".join(typed), " ".join(names)).kind == kind


def test_a_part_has_most_of_the_words() -> None:
    """Three quarters of the list's words, or four words that are nine tenths of the record's."""
    assert relate("alpha beta gamma delta", "gamma zeta alpha eta beta theta iota").kind == "part"
    assert relate("alpha beta gamma delta", "gamma zeta alpha eta theta iota").kind == "other"
    long = "one extra word after another alpha beta gamma delta plus lots more of them"
    assert relate(long, "delta gamma beta alpha").kind == "part"
    assert relate(long, "gamma beta alpha").kind == "other"


def test_nothing_in_common_is_said_so() -> None:
    """Titles that share no content word cannot be one paper renamed, small words aside."""
    assert not relate("The Theory of Graphs", "The Moments of Video").shares_words
    assert relate("The Theory of Video", "The Moments of Video").shares_words


def test_added_words_are_told_from_replaced_ones() -> None:
    """One or two words more leave the title recognisable; a replaced one does not."""
    assert relate(SHIFT, SHIFT.replace("Video", "Noisy Video")).only_added
    assert not relate(SHIFT, SHIFT.replace("Video", "Image")).only_added


titles = st.lists(
    st.sampled_from(
        [
            "temporal",
            "shift",
            "module",
            "of",
            "video",
            "CVPR",
            "2019",
            ":",
            "[3]",
            "(Oral)",
            "nets",
            "CNNs",
        ]
    ),
    max_size=7,
).map(" ".join)


@given(titles, titles)
def test_what_is_surely_unlike_is_part_or_other(listed: str, found: str) -> None:
    """The short cut of bulk resolution never excludes a title that the rules would weigh."""
    if unlike(listed, found):
        relation = relate(listed, found)
        assert relation.kind in ("part", "other")
        assert relation.likeness < NEAR


@pytest.mark.parametrize(
    ("listed", "found", "surely"),
    [
        ("", SHIFT, True),
        (SHIFT, "", True),
        ("", "", True),
        ("Shift", SHIFT, False),
        (SHIFT, "Shift", False),
        (SHIFT + " of All Kinds and Many More Things to Come", SHIFT, False),
        (SHIFT.replace("Video", "Image"), SHIFT, False),  # alike
        ("Of the Shift", "Shift for", False),  # small words
        ("NNs", "Neural Networks", False),  # an abbreviation
        ("Colour", "Color", False),
        ("Spectral Theory of Graphs", SHIFT, True),
        ("[CVPR 2019] NNs", "Neural Networks", False),  # behind a cover
    ],
)
def test_the_short_cut_excludes_what_nothing_makes_alike(
    listed: str, found: str, surely: bool
) -> None:
    """Contained, much alike, or the same but for small words, spelling and abbreviations."""
    assert unlike(listed, found) is surely
