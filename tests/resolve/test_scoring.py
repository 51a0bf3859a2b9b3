"""The score of each kind of evidence. A change here is a change of RULE_VERSION."""

from __future__ import annotations

import pytest
from tests.resolve.build import arxiv, by, entry, searched

from enrich.papers.author_names import Agreement
from enrich.resolve import decide
from enrich.resolve.scoring import ACCEPT, weigh, year_fits
from enrich.resolve.title_relation import relate

LONG = "Temporal Shift Module for Efficient Video Understanding"
VERY_LONG = "Slow and Steady Feature Analysis: Higher Order Temporal Coherence in Video"
SHORT = "Mask R-CNN"
PEOPLE = ("Ji Lin", "Chuang Gan", "Song Han")


def score(
    listed: str, found: str, authors: str | None = None, year: int | None = None,
    record_year: int | None = None, *, second: bool = False, **more: object,
) -> float:  # fmt: skip
    record = arxiv(found, "1811.08383", *PEOPLE, year=record_year)
    one = entry(listed, authors, year, **more)
    return weigh(one, searched(record)[0], second_source=second).score


@pytest.mark.parametrize(
    ("listed", "found", "expected"),
    [
        (LONG, LONG.upper(), 0.97),
        (SHORT, "Mask RCNN", 0.88),
        ("[3] " + LONG, LONG, 0.965),
        ("[3] " + SHORT, SHORT, 0.875),
        (LONG.replace("Efficient", "Eficient"), LONG, 0.94),
        ("Mask of RCNN", SHORT, 0.84),
        ("Tempral Shft Modle for Efficient Video Understanding", LONG, 0.87),
        ("Temporel Shift Moduls", "Temporal Shift Module", 0.81),
        ("TSM: " + LONG, LONG, 0.935),
        ("Shifting: " + LONG, LONG, 0.9),
        ("Detectron: " + SHORT, SHORT, 0.82),
        (LONG, "TSM: " + LONG, 0.935),
        (LONG, "Shifting: " + LONG, 0.9),
        (LONG, LONG + ": The Long Story", 0.9),
        (SHORT, SHORT + ": The Long Story", 0.82),
        (LONG + ": The Long Story", LONG, 0.76),
        (SHORT + ": The Long Story", SHORT, 0.72),
        (LONG[:42] + "...", LONG, 0.935),
        ("Temporal Shift Module for Efficient…", LONG, 0.87),  # five words
        ("Temporal Shift Module for Efficient Video…", LONG + " (Survey)", 0.7),
        ("Slides for " + LONG + " in CVPR", LONG, 0.86),
        ("A " + LONG + " Reply", LONG, 0.7),
    ],
)
def test_a_title_alone_has_the_score_of_its_relation(
    listed: str, found: str, expected: float
) -> None:
    """Equal titles of more than three words are accepted alone; parts of titles never are."""
    assert score(listed, found) == pytest.approx(expected, abs=1e-4)
    assert (score(listed, found) >= ACCEPT) is (expected >= 0.93)


def test_agreeing_authors_remove_most_of_the_doubt() -> None:
    """Authors that agree remove 70 % of the doubt, contradicting ones cost 8 %."""
    assert score(SHORT, SHORT, "Lin et al.") == pytest.approx(0.964, abs=1e-4)
    assert score(LONG, LONG, "Ji Lin, Song Han") == pytest.approx(0.991, abs=1e-4)
    assert score(LONG, LONG, "Maria Lopez") == pytest.approx(0.97 * 0.92, abs=1e-4)
    contradicted = score(LONG, LONG, "Maria Lopez", 2018, 2018, second=True)
    assert contradicted == pytest.approx(0.97 * 0.92, abs=1e-4)  # no year makes up for it


def test_authors_that_agree_in_part_speak_against_a_title_that_is_not_the_same() -> None:
    """One group writes siblings whose titles differ in a small word: these stay with a person."""
    people = "Ji Lin, Maria Lopez, Jan Novak"
    assert score(LONG, LONG, people) == pytest.approx(0.97, abs=1e-4)
    slip = score("The " + LONG, LONG, people, 2018, 2018, second=True)
    assert slip == pytest.approx(0.94 * 0.98, abs=1e-4)
    assert slip < ACCEPT


def test_a_year_near_the_record_s_supports_a_title_that_is_the_same() -> None:
    """A fitting year removes 45 % of the doubt, another one costs 5 %."""
    assert score(SHORT, SHORT, year=2018, record_year=2018) == pytest.approx(0.934, abs=1e-4)
    assert score(LONG, LONG, year=2010, record_year=2018) == pytest.approx(0.9215, abs=1e-4)
    labelled = score("Shifting: " + LONG, LONG, year=2018, record_year=2018)
    assert labelled == pytest.approx(0.9, abs=1e-4)


def test_a_year_that_only_a_heading_states_is_weak_evidence() -> None:
    """It neither makes a short title certain nor refuses a long one; it breaks a tie."""
    short = score(SHORT, SHORT, section_year=2018, record_year=2018)
    assert short == pytest.approx(0.91, abs=1e-4)
    late = score(LONG, LONG, section_year=2010, record_year=2018)
    assert late == pytest.approx(0.97 * 0.96, abs=1e-4)
    assert late >= ACCEPT
    stated = score(LONG, LONG, year=2018, record_year=2018, section_year=2010)
    assert stated == pytest.approx(0.9835, abs=1e-4)
    one = arxiv(LONG, "1801.00001", "Ann Able", year=2018)
    two = arxiv(LONG, "2201.00001", "Bo Berg", year=2022)
    chosen = decide(entry(LONG, section_year=2022), searched(one, two)).chosen
    assert chosen is not None
    assert chosen.record is two


def test_a_second_source_supports_a_title_that_is_the_same() -> None:
    """The same paper at another service removes 45 % of the doubt of a short title."""
    assert score(SHORT, SHORT, second=True) == pytest.approx(0.934, abs=1e-4)
    assert score(SHORT, SHORT, year=2018, record_year=2018, second=True) == pytest.approx(
        0.9637, abs=1e-4
    )
    assert score("Shifting: " + LONG, LONG, second=True) == pytest.approx(0.9, abs=1e-4)


def test_an_equal_title_of_ten_words_stands_against_contradictions() -> None:
    """So long a title is no coincidence: another year costs nothing; other people do."""
    ten = "One Two Three Four Five Six Seven Eight Nine Words"
    nine = "One Two Three Four Five Six Seven Eight Words"
    assert score(ten, ten, "Maria Lopez") == pytest.approx(0.97 * 0.92, abs=1e-4)
    assert score(nine, nine, "Maria Lopez") == pytest.approx(0.97 * 0.92, abs=1e-4)
    assert score(ten, ten, year=2001, record_year=2018) == pytest.approx(0.97, abs=1e-4)
    assert score(nine, nine, year=2001, record_year=2018) == pytest.approx(0.9215, abs=1e-4)


def test_reworded_titles_are_never_accepted_by_a_search() -> None:
    """Whatever authors, year and sources say, other content words are another paper's."""
    near = "Temporal Shift Modules for Efficient Video Recognition"
    everything = score(LONG, near, "Ji Lin, Chuang Gan, Song Han", 2018, 2018, second=True)
    assert everything <= 0.92
    truncated = score(LONG, LONG + " in the Wild", "Ji Lin, Song Han", 2018, 2018, second=True)
    assert truncated <= 0.92


@pytest.mark.parametrize(
    ("delta", "fits"), [(-2, False), (-1, True), (0, True), (2, True), (3, False), (None, None)]
)
def test_records_may_be_a_year_early_and_two_late(delta: int | None, fits: bool | None) -> None:
    """Preprints come up to a year before the list's year, proceedings up to two after."""
    assert year_fits(delta) is fits


@pytest.mark.parametrize(
    ("agreement", "agrees", "conflicts"),
    [
        (Agreement(0.6, True, 5), True, False),
        (Agreement(0.59, True, 5), False, False),
        (Agreement(0.6, False, 5), True, False),
        (Agreement(1.0, False, 1), False, False),
        (Agreement(0.34, False, 3), False, True),
        (Agreement(0.35, False, 3), False, False),
        (Agreement(0.0, False, 2), False, True),
        (Agreement(0.3, True, 3), False, False),
        (Agreement(1.0, True, 1), True, False),
        (Agreement(0.66, False, 3), False, False),
    ],
)
def test_how_many_people_have_to_be_the_same(
    agreement: Agreement, agrees: bool, conflicts: bool
) -> None:
    """From .6 on with the first author or two others they agree; up to .34 they are others."""
    assert agreement.agrees is agrees
    assert agreement.conflicts is conflicts


# -- the list's own identifier


def confirmed(listed: str, found: str, authors: str | None = None, **more: object) -> bool:
    """Whether the title of the record that the list's own id names is believed."""
    year = more.pop("record_year", None)
    record = arxiv(found, "1811.08383", *PEOPLE, year=year, abstract=more.pop("abstract", None))
    evidence = weigh(entry(listed, authors, **more), by("id:arxiv", record)[0])
    assert evidence.score >= ACCEPT or not evidence.fits_id
    return evidence.fits_id


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        (LONG, LONG),
        ("[3] " + LONG, LONG),
        ("TSM: " + LONG, LONG),
        (LONG, "TSM: " + LONG),
        ("C3D: " + LONG, LONG),
        ("Shift 3: " + LONG, LONG),  # a label may have a number
        (LONG, "Shift3x: " + LONG),
        ("In " + LONG + " they shift", LONG),
        (LONG.replace("Efficient", "Eficient"), LONG),
        ("Temporal Shift", LONG),
        (
            "Temporal Shift Module for Efficient Understanding",
            LONG,
        ),  # a word or two are only left out
        ("", LONG),  # the entry is only a link
        (LONG, LONG + ": A Survey"),  # lists leave out such subtitles too
    ],
)
def test_an_identifier_is_believed_for_variants_of_the_title(listed: str, found: str) -> None:
    """The list's own identifier says what is meant; labels, slips and parts do not contradict."""
    assert confirmed(listed, found)


@pytest.mark.parametrize(
    ("listed", "found", "authors"),
    [
        ("Part II: " + LONG, LONG, None),
        ("Editorial: " + LONG, LONG, None),
        (LONG, "Editorial: " + LONG, "Ji Lin, Chuang Gan, Song Han"),
        ("A Comment on " + LONG + " by us", LONG, "Ji Lin, Chuang Gan, Song Han"),
        (LONG + " (Survey)", LONG, None),
        ("Temporal Shift of Images", LONG, None),  # four words are no short name
        ("Erratum: " + LONG, LONG, None),
        (LONG + " (Part 2)", LONG, None),
        (LONG, LONG + " 2", "Ji Lin, Song Han"),
        (LONG, LONG + ": A Reply", "Ji Lin, Song Han"),
        (LONG, LONG + ": A Survey", "Maria Lopez, Jan Novak"),
        (LONG + ": A Survey", LONG, None),
        (LONG, "Spectral Theory of Graphs", None),
        ("Temporal Shift Module for Efficient Image Understanding", LONG, None),
        ("Temporal Shift", LONG, "Maria Lopez, Jan Novak"),
    ],
)
def test_an_identifier_of_a_sibling_is_a_conflict(
    listed: str, found: str, authors: str | None
) -> None:
    """Another part, an erratum, a changed word or other people: the id names another paper."""
    assert not confirmed(listed, found, authors)


def test_a_renamed_paper_needs_all_its_people_and_two_fifths_of_its_words() -> None:
    """One group writes many papers: the names of some, or a word, do not make them one."""
    other, people = "Efficient Shift along Temporal Frames", "Ji Lin, Chuang Gan, Song Han"
    assert confirmed(other, LONG, people)
    assert confirmed(other, LONG, "S. Han, J. Lin, C. Gan")
    assert not confirmed(other, LONG, "Ji Lin, Song Han")
    assert not confirmed(other, LONG, people + ", Ann Able")
    assert not confirmed(other, LONG, "Ji Lin, Chuang Gan, Maria Han")
    assert not confirmed("Sharing Nothing at All", LONG, people)
    assert confirmed("Efficient Video for Five Alpha Words", LONG, people)
    assert not confirmed("Efficient Video of Six Alpha Beta Words", LONG, people)
    assert not confirmed(other, LONG, people, year=2010, record_year=2018)
    wares = "Amber Birch Cedar Dunes Elder Fern Gorse Heath Iris Jasper Kelp Larch Moss"
    ocean = "Ocean Pewter Quartz Rowan Sedge Thyme Umber"
    assert not confirmed(f"Moss Heath Cedar Amber Kelp Nickel {ocean}", wares, people)  # 5 of 13
    assert confirmed(f"Moss Heath Cedar Amber Kelp Larch {ocean}", wares, people)  # 6 of 13


def test_a_short_name_has_to_stand_in_the_title_or_abstract() -> None:
    """Up to three words are taken for a name; its plural and its spelling in one word count."""
    abstract = "We propose TSM, a module. Temporal Shifters are cheap. ShiftNets too."
    for name in ("TSM", "temporal shifter", "Shift Net"):
        assert confirmed(name, "Efficient Recognition", abstract=abstract), name
    assert not confirmed("TSN", "Efficient Recognition", abstract=abstract)
    four = "temporal shifters are cheap"
    assert not confirmed(four, "Efficient Recognition", abstract=abstract)


def test_numbered_siblings_by_the_same_people_are_told_by_how_alike_they_are() -> None:
    """From a likeness of .75 on, another number is a sibling; below, a renamed paper passes."""
    people = "Ji Lin, Chuang Gan, Song Han"
    listed = "Shift Modules for Video, Part 1"
    sibling = "Temporal Shift Modules for Animal Videos, Part 2"
    assert 0.75 <= relate(listed, sibling).likeness < 0.755
    assert not confirmed(listed, sibling, people)
    listed, renamed = "Shift Modules in 2D Video Nets", "Gated Shift Modules in 3D Networks"
    assert 0.6 <= relate(listed, renamed).likeness < 0.75
    assert confirmed(listed, renamed, people)
