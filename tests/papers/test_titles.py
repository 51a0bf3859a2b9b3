from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.papers.titles import plain_title, readable_title, title_key

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


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Learning α-Priors", "learning alpha priors"),
        ("Ω and Σ", "omega and sigma"),
        ("Η Ζωή", "eta ζωη"),  # a word stays a word, a letter alone is named
        (r"\alpha-Priors \Delta x", "alpha priors delta x"),
        (r"\varepsilon-Nets and \varphi of $\ell$_1", "epsilon nets and phi of l1"),
        (r"\emph{Strong} \textbf{Words} \unknown{Thing}", "strong words unknown thing"),
        (r"A\&B 100\% \#1 a\_b \$5", "a and b 100 1 ab 5"),
        (r"a\,b a\;c \{d\}", "a b a c d"),
        (r"x $\rightarrow$ y, 3 $\times$ 4", "x to y 3 x 4"),
        (r"Erd\H{o}s, \v{C}ech, Gar\c con, \'Etude, \o re, \AA ngstr\"om",
         "erdos cech garcon etude ore angstrom"),
        ("Ærø Łódź × ∞ → ±", "aero lodz x infty to pm"),
    ],
)  # fmt: skip
def test_plain_forms_letter_by_letter(text: str, plain: str) -> None:
    """Greek letters alone and TeX commands become words, style and spacing commands nothing."""
    assert plain_title(text) == plain


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        (r"Erd\H{o}s \& \v{C}ech on \emph{Gar\c{c}on}s", "Erdős & Čech on Garçons"),
        (r"\`a \'e \^i \~n \"u \=a \.z \u{g} \k{a} \r{a} \b{d} \d{s}",
         "à é î ñ ü ā ż ğ ą å ḏ ṣ"),
        ("Look &amp; Listen <i>Twice</i>", "Look & Listen Twice"),
        ("Plain, As It Is", "Plain, As It Is"),
    ],
)  # fmt: skip
def test_readable_titles_keep_accents_case_and_punctuation(text: str, readable: str) -> None:
    """What arXiv is asked for: HTML and TeX resolved, nothing else changed."""
    assert readable_title(text) == readable


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
