"""What is asked for a title, and which rows of an answer may be meant."""

from __future__ import annotations

import pytest
from tests.resolve.build import arxiv

from enrich.services.title_queries import (
    TitleQuery,
    as_written,
    bare_title,
    by_arxiv_authors,
    can_be_packed,
    in_arxiv_title,
    in_other_words,
    other_phrases,
    phrase,
    reads_whole_query,
    resembling,
    shares_words,
    terms_of,
)

SHIFT = "Temporal Shift Module for Efficient Video Understanding"


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        (r"Schr\"{o}dinger Bridges via \emph{Iterative} Fitting",
         "Schrödinger Bridges via Iterative Fitting"),
        ("Look, Listen &amp; Learn", "Look, Listen Learn"),
        ("Anti-Aliasing | \"Nets\" (+) ~ *", "Anti Aliasing Nets"),
        (r"$\beta$-VAE", "beta VAE"),
    ],
)  # fmt: skip
def test_a_phrase_has_neither_markup_nor_operators(title: str, asked: str) -> None:
    """Queries carry the text of a title, with its accents, never TeX, HTML or query syntax."""
    assert phrase(title) == asked
    assert as_written(title) == TitleQuery(title, (f'"{asked}"',))


def test_arxiv_is_asked_in_the_spelling_of_the_list() -> None:
    """arXiv folds no accents; only quotation marks and backslashes break its phrases."""
    query = in_arxiv_title(r'The "Erd\H{o}s--R\'enyi" \& Graph')
    assert query.terms == ('ti:"The Erdős--Rényi & Graph"',)


@pytest.mark.parametrize(
    ("title", "phrases"),
    [
        # parts: a slip is in one of them only
        ("Temporal Shift Module for Eficient Video Understanding",
         ("temporal shift module", "for eficient video understanding")),
        # at the subtitle
        ("Objects in Rare Videos: A Study of Shifted Attention Modules",
         ("objects in rare videos", "a study of shifted attention modules")),
        # a long title in three
        ("One Telling Word Among Twelve Others Hides Somewhere Between These Few Words",
         ("one telling word among", "twelve others hides somewhere", "between these few words")),
        # without venue and label
        ("[CVPR 2018] Deep Shift Networks Revised", ("deep shift networks revised",)),
        ("ShiftNet: Deep Shift Networks Revised", ("deep shift networks revised",)),
        ("Deep Shift Networks Revised, ICCV 2019", ("deep shift networks revised",)),
        # spelling and abbreviations
        ("Behaviour of Neighbouring Agents", ("behavior of neighboring agents",)),
        ("Behavior of Neighboring Agents", ("behaviour of neighbouring agents",)),
        ("Dilated CNNs for Shifting", ("dilated convolutional neural networks for shifting",)),
        ("Learning w/ Shifted Labels", ("learning w shifted labels",
                                        "learning with shifted labels")),
        # ampersand and accents
        ("Shifts & Labels Joined", ("shifts and labels joined",)),
        ("Shifts and Labels Joined", ("shifts labels joined",)),
        ("Schrödinger Bridges Fitted", ("schrodinger bridges fitted",)),
        # nothing else to ask
        ("Deep Shift Networks Revised", ()),
        ("Mask R-CNN", ("mask r convolutional neural network",)),
        # parts of common words only would flood the answer
        ("Deep Learning for Wireless Networks and Systems", (
            "deep learning for wireless networks systems",)),
    ],
)  # fmt: skip
def test_a_title_not_found_is_asked_in_other_words(title: str, phrases: tuple[str, ...]) -> None:
    """As few phrases as find most ways in which records and lists write one title."""
    assert other_phrases(title) == phrases
    query = in_other_words(title)
    assert (query.terms if query else ()) == tuple(f'"{words}"' for words in phrases)


@pytest.mark.parametrize(
    ("authors", "term"),
    [
        ("Ji Lin, Song Han", "(au:lin AND (ti:understanding OR ti:efficient OR ti:temporal))"),
        ("Lin, Ji and Song Han", "(au:lin AND (ti:understanding OR ti:efficient OR ti:temporal))"),
        ("Lin J.", "(au:lin AND (ti:understanding OR ti:efficient OR ti:temporal))"),
    ],
)
def test_arxiv_is_asked_by_the_first_author_and_telling_words(authors: str, term: str) -> None:
    """One damaged word of three does not hide a paper whose author is known."""
    query = by_arxiv_authors("Temporal Understanding for Deep Efficiently Video", authors)
    assert query is not None
    assert query.terms == (
        term.replace("efficient", "efficiently").replace(
            "understanding OR ti:efficiently", "understanding OR ti:efficiently"
        ),
    )


def test_without_people_or_telling_words_nobody_is_asked() -> None:
    """A query by author needs both."""
    assert by_arxiv_authors(SHIFT, None) is None
    assert by_arxiv_authors(SHIFT, "et al.") is None
    assert by_arxiv_authors("Deep Learning for Data", "Ji Lin") is None


def test_terms_are_asked_once() -> None:
    """Two titles that share a part, and the control title, add no term twice."""
    one, two = TitleQuery("a", ('"x"', '"y"')), TitleQuery("b", ('"y"', '"z"'))
    assert terms_of([one, two], TitleQuery("c", ('"x"', '"c"'))) == ['"x"', '"y"', '"z"', '"c"']
    assert terms_of([one]) == ['"x"', '"y"']


def test_titles_of_three_words_can_share_a_query() -> None:
    """Shorter ones would flood an answer that others have to share."""
    assert can_be_packed("Objects that Sound")
    assert not can_be_packed("Mask RCNN")
    assert bare_title("YOLO: Fast Detectors") == "YOLO: Fast Detectors"
    assert bare_title("YOLO: Very Fast Detectors") == "Very Fast Detectors"


def test_rows_that_may_be_meant_are_kept_the_best_first() -> None:
    """Equal titles first, then near ones, also behind a venue, abbreviated or without subtitle."""
    same = arxiv(SHIFT.upper(), "1")
    near = arxiv(SHIFT.replace("Efficient", "Eficient"), "2")
    longer = arxiv(SHIFT + ": A Very Long Subtitle that the List Never Shows to Anyone", "3")
    other = arxiv("Spectral Theory of Graphs and Groups", "4")
    assert resembling(SHIFT, [other, longer, near, same]) == [same, near, longer]
    found = arxiv("Convolutional Neural Networks See", "5")
    assert resembling("[CVPR 2012] CNNs See", [other, found]) == [found]
    many = [arxiv(f"{SHIFT} {n}", str(n)) for n in range(8)]
    assert len(resembling(SHIFT, many)) == 5
    short = arxiv("Temporal Shift", "6")
    assert resembling("Temporal Shift Module for Efficient Videos", [short]) == []


def test_an_answer_is_that_of_the_whole_query() -> None:
    """It has the control title, or two of the titles, one of them from the latter half.

    A service that searches for the first title of a query alone must not make misses of the rest.
    """
    queries = [as_written(f"A Title of Paper {n}") for n in "abcd"]
    first, second, last = (arxiv(f"A title of paper {n}", n) for n in "abd")
    control = arxiv(SHIFT, "control")
    assert reads_whole_query([control], queries, SHIFT)
    assert not reads_whole_query([control], queries, None)
    assert reads_whole_query([first, last], queries, SHIFT)
    assert not reads_whole_query([first, second], queries, SHIFT)
    assert not reads_whole_query([last], queries, SHIFT)
    assert not reads_whole_query([], queries, SHIFT)


def test_an_answer_shares_words_with_what_was_asked() -> None:
    """Half of the words of any title asked for, as every hit of a phrase must."""
    assert shares_words("Shift Modules for Video", [SHIFT, "for video shift plus"])
    assert not shares_words("Spectral Theory", [SHIFT])
