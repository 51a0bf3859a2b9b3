from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.papers.titles import plain_title, title_key

SAME = [
    ("Mask R-CNN", "Mask RCNN"),
    ("YOLOv3: An Incremental Improvement", "YOLOv3 - An Incremental Improvement"),
    ("YOLOv3:An Incremental Improvement", "yolov3  an incremental\nimprovement."),
    (r"$\beta$-VAE: Learning Basic Visual Concepts", "β-VAE: Learning Basic Visual Concepts"),
    (r"Schr{\"o}dinger's Bridge", "Schrödinger’s bridge"),
    (r"It\^o calculus on \emph{Poincar\'e} balls", "Itô calculus on Poincaré balls"),
    (r"\L{}ojasiewicz inequality", "Łojasiewicz inequality"),
    ("H<sub>2</sub>O at 10&deg;", "H2O at 10°"),
    ("Look, Listen &amp; Learn", "Look, Listen and Learn"),
    ("Look, Listen &amp;amp; Learn", "Look, Listen & Learn"),
    (r"Learning $\ell_1$ norms in $O(n^2)$", "Learning l1 norms in O(n2)"),
    ("Straße", "STRASSE"),
    ("ﬁne-tuning", "Fine-Tuning"),
    (r"100\% accuracy", "100% accuracy"),
    ("naïve", "nai\u0308ve"),
    ("深度学习:综述", "深度学习 综述"),
]
OTHER = [
    ("PointNet", "PointNet++"),
    ("3D Gaussian Splatting", "4D Gaussian Splatting"),
    ("Segment Anything", "Segment Anything 2"),
    ("C", "C++"),
    ("x<y", "x"),
    ("α-divergence", "β-divergence"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_titles_set_differently_have_one_key(one: str, other: str) -> None:
    """Markup, TeX, accents, case, hyphens and punctuation do not make another title."""
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_tells_titles_apart_stays_in_the_key(one: str, other: str) -> None:
    """Signs, digits and letters that name another paper survive."""
    assert title_key(one) != title_key(other)


@given(st.text(max_size=80))
def test_the_plain_form_of_a_plain_form_is_itself(text: str) -> None:
    """Normalising twice is normalising once, and the key is the plain form without spaces."""
    plain = plain_title(text)
    assert plain_title(plain) == plain
    assert plain == " ".join(plain.split())
    assert title_key(text) == plain.replace(" ", "")


@given(st.text(st.characters(codec="ascii", exclude_characters="\\${}<>^_&"), max_size=80))
def test_the_fast_way_for_plain_titles_is_the_long_way(text: str) -> None:
    """ASCII titles take a short cut; one letter beyond ASCII takes the long way, same result."""
    assert plain_title(text) == " ".join(plain_title(text + " \u4e2d").split()[:-1])
