"""Other ways to write one title."""

from __future__ import annotations

import pytest

from enrich.papers.title_forms import (
    american,
    british,
    expanded,
    split_label,
    split_subtitle,
    uncovered,
    without_version_mark,
)
from enrich.papers.titles import readable_title

SHIFT = "Temporal Shift Module"


@pytest.mark.parametrize(
    "cover",
    [
        "[3] {}", "[YOLO v1] {}", "YOLO v1] {}", "(12) {}", "7. {}", "#7) {}", "(ICCV 2019) {}",
        "CVPR 2019: {}", "CVPR 2019 - {}", "ICLR'14 | {}", "NeurIPS-W 2020, {}", "{} |", "{},;",
        "{} (CVPR 2019)", "{} [Best paper, 2018].", "{} arXiv:1811.08383", "{} (arXiv 1811.08383)",
        "{}, arXiv preprint arXiv:1811.08383v2", "{} (oral)", "{} (CVPR)", "{} (ICLR'19)",
        "{}, ICCV 2019", "{}. ICCV 2019", "{} ICCV 2019.", "{} - NeurIPS Workshop 2019",
        "[3] (ICCV 2019) {} (Oral)",
    ],
)  # fmt: skip
def test_what_lists_write_around_a_title_is_removed(cover: str) -> None:
    """Numbers, tags, venues with their year and arXiv ids, before or behind; what was removed
    is given too, so that the rules can object to it."""
    text = cover.format(SHIFT)
    readings = list(uncovered(text))
    assert readings[-1][0].strip() == SHIFT
    outside = cover.replace("{}", "")
    assert sorted(readings[-1][1].replace(" ", "")) == sorted(outside.replace(" ", ""))


@pytest.mark.parametrize(
    "title",
    [
        SHIFT, "SAM 2: Segment Anything", "YOLO9000: Better, Faster", "Attention in 2019",
        "A Study (Part of a Whole)", "[CVPR 2019]", "Learning at 3 Scales", "Deep Nets. Shallow",
    ],
)  # fmt: skip
def test_titles_keep_what_belongs_to_them(title: str) -> None:
    """A name with a number, a year without a venue and words in brackets are the title's own."""
    assert [reading for reading, _ in uncovered(title)] == []


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("TSM: Temporal Shift", ("TSM", "Temporal Shift")),
        ("TSM - Temporal Shift", ("TSM", "Temporal Shift")),
        ("TSM – Temporal Shift", ("TSM", "Temporal Shift")),
        ("C3D:  Temporal Shift", ("C3D", "Temporal Shift")),
        ("Two Words: Temporal Shift", None),
        ("Self-supervised learning", None),
        ("TSM:", None),
        ("ratio 3:4 of things", None),
    ],
)
def test_a_label_is_one_word(title: str, parts: tuple[str, str] | None) -> None:
    """Labels name a method; longer beginnings are part of the title."""
    assert split_label(title) == parts


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Shifts: A Study", ("Shifts", " A Study")),
        ("Shifts? A Study", ("Shifts", "A Study")),
        ("Shifts - A Study: More", ("Shifts ", "A Study: More")),
        ("Shifts: ", None),
        (": Shifts", None),
        ("Shifts", None),
    ],
)
def test_a_subtitle_follows_the_first_break(title: str, parts: tuple[str, str] | None) -> None:
    """Colons, dashes, question marks and full stops part a title."""
    assert split_subtitle(title) == parts


@pytest.mark.parametrize(
    "mark", ["(Extended Abstract)", "[Full version]", "(technical report).", "(Longer Version)"]
)
def test_a_record_s_version_is_no_part_of_its_title(mark: str) -> None:
    """An extended abstract has its article's title."""
    assert without_version_mark(f"{SHIFT} {mark}") == SHIFT
    assert without_version_mark(f"{SHIFT} (Extended)") == f"{SHIFT} (Extended)"


PAIRS = [
    ("behaviour", "behavior"), ("neighbourhood", "neighborhood"), ("colours", "colors"),
    ("optimisation", "optimization"), ("generalised", "generalized"), ("analysing", "analyzing"),
    ("modelling", "modeling"), ("labelled", "labeled"), ("centre", "center"),
    ("fibres", "fibers"), ("catalogue", "catalog"), ("defence", "defense"), ("greyscale",
    "grayscale"), ("artefacts", "artifacts"),
]  # fmt: skip


@pytest.mark.parametrize(("uk", "us"), PAIRS)
def test_both_spellings_are_known(uk: str, us: str) -> None:
    """British words have an American form and the reverse."""
    assert american([uk]) == (us,)
    assert british([us]) == (uk,)


@pytest.mark.parametrize(
    "word",
    ["noise", "precise", "otherwise", "supervised", "raised", "telling", "controlled", "four",
     "hour", "fire", "more", "where", "size", "prize", "mirror", "error", "sensor", "model"],
)  # fmt: skip
def test_words_of_one_spelling_stay(word: str) -> None:
    """A rule for one word must not invent another."""
    assert american([word]) == (word,)
    assert british([word]) == (word,)


def test_abbreviations_are_written_out() -> None:
    """The words of a field, and `w/` and `w/o` as their plain forms read."""
    full = "convolutional neural networks with attention without labels"
    assert " ".join(expanded(["cnns", "w", "attention", "w", "o", "labels"])) == full
    assert expanded(["ganz", "nothing"]) == ("ganz", "nothing")


@pytest.mark.parametrize(
    ("written", "readable"),
    [
        ("Plain Title", "Plain Title"),
        (r"Schr\"{o}dinger's {B}ridge", "Schrödinger's Bridge"),
        (r"Erd\H os and R\'enyi", "Erdős and Rényi"),
        (r"\v{C}ech \c{c}omplexes, \L ojasiewicz", "Čech çomplexes, Lojasiewicz"),
        ("Look &amp; <i>Listen</i>", "Look & Listen"),
        (r"$\beta$-VAE", "beta -VAE"),
        ("Émile’s  Übung", "Émile’s Übung"),
        (r"A \'{} B", "A B"),
    ],
)
def test_readable_titles_keep_case_accents_and_punctuation(written: str, readable: str) -> None:
    """What is sent to a service that does not fold accents: the text, without markup."""
    assert readable_title(written) == readable
