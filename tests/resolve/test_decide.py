from __future__ import annotations

import pytest
from tests.resolve.build import arxiv, by, entry, s2, searched

from enrich.papers.same_paper import group
from enrich.records import Entry, Override, Record
from enrich.resolve import RULE_VERSION, decide, wants_lookup

# (what the list says, what a search gives): near, and another paper.
HARD_NEGATIVES = [
    ("Segment Anything", "Segment Anything 2"),
    ("SAM 2: Segment Anything in Images and Videos", "Segment Anything in Images and Videos"),
    ("3D Gaussian Splatting for Rendering", "4D Gaussian Splatting for Rendering"),
    ("Two-Stream Networks for Action Recognition", "Three-Stream Networks for Action Recognition"),
    ("Theory of Deep Convolutional Nets: Part I", "Theory of Deep Convolutional Nets: Part II"),
    ("Theory of Deep Convolutional Nets", "Theory of Deep Convolutional Nets II"),
    ("Theory of Deep Convolutional Nets", "Theory of Deep Convolutional Nets: III. Optimisation"),
    ("Loss-aware Weight Quantization of Deep Networks", "Loss-aware Binarization of Deep Networks"),
    ("Attention Is All You Need", "Attention Is Not All You Need"),
    ("Attention Is All You Need", "Attention Is All You Need in Speech Separation"),
    ("Attention Is All You Need", "Attention Is All You Need: A Survey"),
    ("Attention Is All You Need", "Cross-Attention Is All You Need"),
    ("Residual Learning for Image Recognition", "Residual Learning for Image Compression"),
    ("Supervised Learning of Video Features", "Unsupervised Learning of Video Features"),
    ("Learning Deep Features for Scene Search", "Erratum: Learning Deep Features for Scene Search"),
    ("Learning Deep Features for Scene Search", "Learning Deep Features for Scene Search: A Reply"),
    ("Deep Features for Scene Search", "Comments on Deep Features for Scene Search"),
    ("PointNet: Deep Learning on Point Sets", "PointNet++: Deep Learning on Point Sets"),
    ("YOLOv3: An Incremental Improvement", "YOLOv4: An Incremental Improvement"),
    ("On the Validity of the Post Constraint", "Validity of the Post Constraint"),
    ("Video Retrieval with Large Models", "Image Retrieval with Large Models"),
]  # fmt: skip

HARD_POSITIVES = [
    ("YOLOv3 - An Incremental Improvement", "YOLOv3: An Incremental Improvement"),
    ("YOLOv3:An incremental improvement", "YOLOv3: An Incremental Improvement"),
    ("Learning $\\beta$-Priors for Gr\\\"obner Bases", "Learning β-priors for Gröbner bases"),
    ("Large-Scale Video Clasification with CNNs", "Large-scale Video Classification with CNNs"),
    ("Real Time Detection with Region Proposal", "Real-Time Detection with Region Proposals"),
    ("Towards Real Time Region Proposals", "Real Time Region Proposals"),
    ("End-too-End Relation Extraction using LSTMs", "End-to-end Relation Extraction using LSTMs"),
    ("[ViT] An Image Is Worth 16x16 Words (ICLR 2021)", "An Image is Worth 16x16 Words"),
]  # fmt: skip


@pytest.mark.parametrize(("listed", "found"), HARD_NEGATIVES)
def test_a_near_title_of_another_paper_is_never_taken(listed: str, found: str) -> None:
    """Numbers, versions, parts, errata and changed words part papers, in both directions."""
    for one, other in ((listed, found), (found, listed)):
        assert decide(entry(one), searched(arxiv(other, "2001.00001", "Ann Able"))).chosen is None
        right = arxiv(one, "2001.00002", "B. Berg"), s2(one, "x", "B. Berg")
        both = searched(*right, arxiv(other, "2001.00001", "Ann Able"))
        chosen = decide(entry(one), both).chosen
        assert chosen is not None
        assert chosen.record.title == one


@pytest.mark.parametrize(("listed", "found"), HARD_NEGATIVES)
def test_nor_is_it_taken_with_the_same_authors(listed: str, found: str) -> None:
    """Authors write series: that they agree does not make two titles one."""
    record = arxiv(found, "2001.00001", "Ann Able", "Bo Berg")
    assert decide(entry(listed, "Ann Able, Bo Berg"), searched(record)).chosen is None


@pytest.mark.parametrize(("listed", "found"), HARD_POSITIVES)
def test_the_same_title_set_otherwise_is_taken(listed: str, found: str) -> None:
    """Dashes, TeX, slips, plurals, labels, venues and dropped subtitles do not hide a paper."""
    assert decide(entry(listed), searched(arxiv(found, "2001.00001"))).status == "resolved"


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ("An Image is Worth 16x16 Words", "An Image is Worth 16x16 Words: Transformers at Scale"),
        ("Deep Learning for Robots", "Deep Learning for Robots (Extended Abstract)"),
        ("Deep Learning for Robots (Full Version)", "Deep Learning for Robots"),
        (
            "[3] A. Able, B. Berg. Deep Learning for Robots. CVPR 2016",
            "Deep Learning for Robots",
        ),
        ("Robotics: Deep Learning for Robots", "Deep Learning for Robots"),
        ("Grasping: Deep Learning for Robots and People", "Deep Learning for Robots and People"),
    ],
)
def test_a_title_given_in_part_is_taken_where_the_authors_agree(listed: str, found: str) -> None:
    """Papers share beginnings: without its people, half a title leaves the entry open."""
    record = arxiv(found, "2001.00001", "Ann Able", "Bo Berg")
    assert decide(entry(listed, "Ann Able and Bo Berg"), searched(record)).status == "resolved"
    if "Able" not in listed:
        assert decide(entry(listed), searched(record)).status == "ambiguous"
        assert decide(entry(listed, "C. Other, D. Else"), searched(record)).chosen is None


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ("GraspNet: Deep Learning for Robot Hands", "Deep Learning for Robot Hands"),
        ("Deep Learning for Robot Hands", "GraspNet: Deep Learning for Robot Hands"),
        ("Deep Learning for Robot Hands", "iGrasp - Deep Learning for Robot Hands"),
    ],
)
def test_a_name_before_a_title_needs_no_authors(listed: str, found: str) -> None:
    """Other people hardly ever give a title of five words another name; authors may refuse it."""
    record = arxiv(found, "2001.00001", "Ann Able", "Bo Berg")
    assert decide(entry(listed), searched(record)).status == "resolved"
    assert decide(entry(listed, "C. Other, D. Else"), searched(record)).chosen is None


OTHER_WORKS = [
    "{}: A Study", "{} (Survey)", "{} (Thesis)", "{}: A Dataset", "{} Dataset", "{} (Chinese)",
    "{}. Russian Edition", "{}: Data and Code", "{}: Further Results",
    "{} II", "{}: 2. Proofs", "{}: v2", "Editorial: {}", "Note: {}", "A User's Guide: {}",
    "Comment on the article: {}", 'Comment on the paper "{}" by them', "Towards a Thesis: {}",
    "{}: Recent Advances and Open Problems", "{}: Five Years Later", "{} Reloaded",
    "{} Challenge", "{}: Workshop Summary", "{} - Supporting Information",
]  # fmt: skip


@pytest.mark.parametrize("form", OTHER_WORKS)
@pytest.mark.parametrize("title", ["Genus Two Splittings of 3-Manifolds", "Learning from Robots"])
def test_another_work_of_the_same_people_is_not_taken(form: str, title: str) -> None:
    """Editions, parts, data sets, surveys and translations, whichever of the two the list names."""
    other = form.format(title)
    people = "Ann Able, Bo Berg"
    for listed, found in ((other, title), (title, other)):
        if form == "{}: A Study" and found == other:
            continue  # a list may omit a subtitle
        record = arxiv(found, "2001.00001", "Ann Able", "Bo Berg")
        assert decide(entry(listed, people), searched(record)).chosen is None, (listed, found)


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ("Design of the LBNE Beam Line", "Design of the LBNF Beam Line"),
        ("NELA-GT-2020: A Large Data Set for News", "NELA-GT-2018: A Large Data Set for News"),
        ("Scalability of DPWS-based Systems Now", "Scalability of DPNS-based Systems Now"),
        ("The TMS of Muscles and Nerves Today", "the tbs of muscles and nerves today"),
        ("Quantization of Compact Symmetric Spaces", "Quantization of Compact Asymmetric Spaces"),
        ("Beam Dynamics of Large Hadron Rings (LHC)", "Beam Dynamics of Large Hadron Rings (LCC)"),
    ],
)  # fmt: skip
def test_every_letter_of_a_name_and_of_a_prefix_counts(listed: str, found: str) -> None:
    """One letter of an acronym, or before a word, makes another thing of it."""
    for one, other in ((listed, found), (found, listed)):
        record = arxiv(other, "2001.00001", "Ann Able")
        assert decide(entry(one, "Ann Able"), searched(record)).chosen is None


def test_the_plural_of_a_name_and_slips_in_long_names_are_slips() -> None:
    """CNN and CNNs are one thing, and a longer name may be mistyped as any word."""
    for listed, found in (
        ("Pruning CNN Filters for Video", "Pruning CNNs Filters for Video"),
        ("Pruning ImagNet Filters for Video", "Pruning ImageNet Filters for Video"),
        ("PRUNING CNNS FILTERS FOR VIDEO", "Pruning CNN Filters for Video"),
    ):
        assert decide(entry(listed), searched(arxiv(found, "2001.00001"))).status == "resolved"


def test_an_equal_title_by_other_people_is_left_open() -> None:
    """However long: of 394 list entries with a known id and authors, none contradicts them."""
    title = "One Two Three Four Five Six Seven Eight Nine Ten Eleven Words"
    record = arxiv(title, "2001.00001", "Ann Able")
    assert decide(entry(title, "Maria Lopez"), searched(record)).status == "ambiguous"
    assert (
        decide(entry(title, "\u674e\u98de\u98de, \u738b\u4f1f"), searched(record)).status
        == "resolved"
    )


def test_a_link_to_another_paper_than_the_title_s_is_a_conflict() -> None:
    """Even by the same people, where the title itself is found elsewhere."""
    people = ("Ann Able", "Bo Berg")
    linked = arxiv("Graph Networks for Robot Grasping", "2001.00001", *people)
    own = arxiv("Graph Networks for Robot Walking", "2001.00002", *people)
    listed = entry(own.title, "Ann Able, Bo Berg")
    assert decide(listed, by("id:arxiv", linked)).status == "resolved"
    found = decide(listed, [*by("id:arxiv", linked), *searched(own)])
    assert (found.status, found.chosen) == ("conflict", None)
    short = entry("", "Ann Able, Bo Berg", ids=linked.ids)
    assert decide(short, [*by("id:arxiv", linked), *searched(own)]).chosen is not None
    for near in ("Graph Networks for Robot Walkers", "Graph Networks"):
        beside = searched(arxiv(near, "2001.00004", *people))
        assert decide(listed, [*by("id:arxiv", linked), *beside]).chosen is not None, near
    others = searched(arxiv(own.title, "2001.00005", "Cy Cole"))
    assert decide(listed, [*by("id:arxiv", linked), *others]).chosen is not None
    posted_again = arxiv(linked.title, "2001.00003", *people)
    assert decide(listed, [*by("id:arxiv", linked), *searched(posted_again)]).chosen is not None


def test_a_short_title_needs_a_second_witness() -> None:
    """Three words or fewer may be anyone's: an author, the year or another source has to agree."""
    record = arxiv("Mask R-CNN", "1703.06870", "Kaiming He", "Georgia Gkioxari", year=2017)
    twin = s2("Mask R-CNN", "mask", "Kaiming He", year=2017, ids={"arxiv_id": "1703.06870"})
    assert decide(entry("Mask RCNN"), searched(record)).status == "ambiguous"
    assert decide(entry("Mask RCNN", "He et al."), searched(record)).status == "resolved"
    assert decide(entry("Mask RCNN", year=2018), searched(record)).status == "resolved"
    assert decide(entry("Mask RCNN"), searched(record, twin)).status == "resolved"
    assert decide(entry("Mask RCNN", year=2010), searched(record, twin)).status == "ambiguous"


def test_two_papers_of_one_title_stay_two() -> None:
    """Neither of two different papers of a title is taken unless authors or year tell which."""
    one = arxiv("Deep Learning for Video Analysis", "1801.00001", "Ann Able", year=2018)
    two = arxiv("Deep Learning for Video Analysis", "2201.00001", "Bo Berg", year=2022)
    title = one.title
    assert decide(entry(title), searched(one, two)).status == "ambiguous"
    for told in (entry(title, "Bo Berg"), entry(title, year=2022)):
        chosen = decide(told, searched(one, two)).chosen
        assert chosen is not None
        assert chosen.record is two


def test_two_records_of_one_paper_are_no_rivals() -> None:
    """The same paper from both services, and a merged S2 record, leave no doubt between them."""
    title = "Learning Correspondence from the Cycle-consistency of Time"
    names = ("Xiaolong Wang", "Allan Jabri", "Alexei A. Efros")
    records = [
        arxiv(title, "1903.07593", *names, year=2019),
        s2(title, "one", *names, year=2019, ids={"arxiv_id": "1903.07593"}),
        s2(title, "two", "X. Wang", "A. Jabri", "A. Efros", year=2019),
    ]
    found = decide(entry(title), searched(*records))
    assert found.status == "resolved"
    assert {w.decision for w in found.weighed} == {"accepted"}


def test_a_duplicate_record_without_authors_is_no_rival() -> None:
    """A record with neither authors nor a publication of its own does not make a title ambiguous.

    It is not merged either: it could be another paper's. A DOI of its own, an arXiv id, a short
    title or a year far away make it another work.
    """
    title = "Deep Learning for Video Analysis"
    one = arxiv(title, "1801.00001", "Ann Able", year=2018)
    found = decide(entry(title), searched(s2(title, "bare"), one))
    assert found.chosen is not None
    assert found.chosen.record is one
    assert [w.decision for w in found.weighed] == ["accepted", "runner_up"]
    for other in (
        s2(title, "doi", ids={"doi": "10.1/other"}),
        s2(title, "arxiv", ids={"arxiv_id": "1901.00001"}),
        s2(title, "late", year=2022),
    ):
        assert decide(entry(title), searched(one, other)).status == "ambiguous"
    short = arxiv("Deep Video Analysis Networks", "1801.00001", "Ann Able")
    assert (
        decide(entry(short.title), searched(short, s2(short.title, "bare"))).status == "ambiguous"
    )


def test_two_postings_of_one_title_by_the_same_people_are_one_work() -> None:
    """An extended abstract and the article, or a text posted twice, leave no doubt what is meant.

    They stay two papers, and papers of one title by other people or years apart stay rivals.
    """
    title = "Deep Learning for Video Analysis"
    first = arxiv(title, "1801.00001", "Ann Able", "Bo Berg", year=2018)
    again = arxiv(title, "1905.00001", "Ann Able", "Bo Berg", year=2019)
    late = arxiv(title, "2205.00001", "Ann Able", "Bo Berg", year=2022)
    others = arxiv(title, "1801.00002", "Chen Chen", year=2018)
    found = decide(entry(title), searched(again, first))
    assert found.chosen is not None
    assert found.chosen.record is first
    assert group([first, again]) == [[0], [1]]
    assert decide(entry(title), searched(first, late)).status == "ambiguous"
    assert decide(entry(title), searched(first, others)).status == "ambiguous"


def test_other_authors_on_the_same_title_leave_it_open() -> None:
    """The title says yes and the people say no: a person has to look."""
    record = arxiv("Learning to See in the Dark", "1805.01934", "Chen Chen", "Qifeng Chen")
    found = decide(entry(record.title, "Maria Lopez and Jan Novak"), searched(record))
    assert found.status == "ambiguous"
    assert "authors" in found.reason


def test_a_title_that_is_not_near_enough_leaves_an_entry_unresolved() -> None:
    """Below a score of .8 a candidate is no reason for a person to look; from there on it is."""
    listed = "Temporal Shift Module for Efficient Video Understanding"
    far = arxiv("Temporal Fusion Module for Efficient Audio Understanding", "2001.00001")
    near = arxiv("Temporal Shift Module for Efficient Video Understandability", "2001.00002")
    found = decide(entry(listed), searched(far))
    assert 0.7 <= found.weighed[0].score < 0.8
    assert found.status == "unresolved"
    assert "not yet" not in found.reason
    found = decide(entry(listed), searched(near))
    assert 0.8 <= found.weighed[0].score < 0.93
    assert found.status == "ambiguous"


def test_a_rival_is_less_than_four_hundredths_behind() -> None:
    """Another paper of the title is a rival when nothing tells the two apart."""
    title = "Deep Learning for Video Analysis"
    one = arxiv(title, "1801.00001", "Ann Able", year=2018)
    other = arxiv(title, "1601.00001", "Bo Berg", year=2016)
    # The heading's year fits one of them: .9775 against .9312.
    assert decide(entry(title, section_year=2018), searched(one, other)).status == "resolved"
    close = arxiv(title + "s", "1601.00001", "Bo Berg")  # .94 against .97, a slip
    assert decide(entry(title), searched(one, close)).status == "resolved"


def test_a_title_not_yet_searched_alone_says_so() -> None:
    """Nobody may read that no source has a paper which was never asked for on its own."""
    near = arxiv("Spectral Theory of Graphs and Their Groups", "1601.00001")
    for candidates in ([], searched(near)):
        found = decide(entry("Learning to See"), candidates, searched_alone=False)
        assert found.status == "unresolved"
        assert "not yet searched on its own" in found.reason
        assert found.reason.endswith(".")


# -- identifiers in the list


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ("How2 Dataset: How2: A Large-scale Dataset", "How2: A Large-scale Dataset"),
        ("TSM", "TSM: Temporal Shift Module for Efficient Video Understanding"),
        ("Non-local nets (CVPR 2018)", "Non-local nets"),
        ("Optical Flow (FlowNet)", "FlowNet: Learning Optical Flow with Convolutional Networks"),
        ("A Very Long Title That Was Cut", "A Very Long Title That Was Cut Short by the List"),
    ],
)  # fmt: skip
def test_variants_of_the_title_bear_out_the_id(listed: str, found: str) -> None:
    """Labels, subtitles, venues and abbreviations do not make a clash with the list's own id."""
    found_one = decide(entry(listed), by("id:arxiv", arxiv(found, "1811.00347")))
    assert (found_one.status, found_one.method) == ("resolved", "id:arxiv")


def test_a_short_name_is_borne_out_by_the_abstract() -> None:
    """Lists call papers by their method; the abstract knows the name."""
    record = arxiv(
        "Unsupervised Representation Learning", "1511.06434", abstract="We call it DCGAN."
    )
    assert decide(entry("DCGAN"), by("id:arxiv", record)).status == "resolved"
    assert decide(entry("WGAN"), by("id:arxiv", record)).status == "conflict"


def test_a_renamed_paper_passes_where_the_authors_agree() -> None:
    """A new title between versions is no clash if exactly the same people wrote it."""
    record = arxiv(
        "Search-Convolutional Neural Networks", "1511.02136", "James Atwood", "Don Towsley"
    )
    title = "Diffusion-Convolutional Neural Networks"
    assert decide(entry(title, "J. Atwood, D. Towsley"), by("id:arxiv", record)).chosen is not None
    for people in ("James Atwood et al.", "James Atwood", "James Atwood, D. Towsley, Ann Able"):
        assert decide(entry(title, people), by("id:arxiv", record)).status == "conflict", people
    other = entry("Diffusion on Graphs as a Layer", "James Atwood, Don Towsley")
    assert decide(other, by("id:arxiv", record)).status == "conflict"


def test_a_wrong_id_is_a_conflict_that_shows_both_titles() -> None:
    """The id of another paper, or of a sibling by the same authors, is told and not followed."""
    wrong = arxiv("Spectral Theory of Graphs", "1601.00001", "Ann Able")
    right = arxiv("Learning to See in the Dark", "1805.01934", "Ann Able")
    found = decide(entry(right.title), [*by("id:arxiv", wrong), *searched(right)])
    assert (found.status, found.chosen) == ("conflict", None)
    assert wrong.title in found.reason
    assert right.title in found.reason
    sibling = arxiv("Segment Anything 2", "2408.00714", "Nikhila Ravi")
    found = decide(entry("Segment Anything", "Nikhila Ravi"), by("id:arxiv", sibling))
    assert found.status == "conflict"


def test_an_id_of_a_paper_like_it_by_other_people_is_a_conflict() -> None:
    """Most of the words may be there; a replaced word or other authors make another paper."""
    listed = "Deep Residual Learning for Image Recognition"
    other = arxiv("Deep Residual Learning for Image Compression", "1906.00001", "Ann Able")
    longer = arxiv("Deep Residual Learning for Noisy Image Recognition", "1906.00002", "Ann Able")
    assert decide(entry(listed), by("id:arxiv", other)).status == "conflict"
    assert decide(entry(listed), by("id:arxiv", longer)).status == "resolved"
    assert decide(entry(listed, "He et al."), by("id:arxiv", longer)).status == "conflict"


def test_one_right_id_of_two_is_enough() -> None:
    """Where the DOI names the entry's paper, a wrong arXiv id beside it does not undo that."""
    wrong = arxiv("Spectral Theory of Graphs", "1601.00001")
    right = s2("Learning to See in the Dark", "dark", ids={"doi": "10.1/dark"})
    found = decide(entry(right.title), [*by("id:arxiv", wrong), *by("id:doi", right)])
    assert found.chosen is not None
    assert found.chosen.record is right
    assert {w.decision for w in found.weighed} == {"accepted", "rejected"}


# -- failures, kinds, people


def test_what_could_not_be_asked_stays_open() -> None:
    """A failure is not an answer: without the other source the entry is pending, not unresolved."""
    down = frozenset({"semantic_scholar"})
    known = arxiv("Learning to See in the Dark", "1805.01934")
    assert decide(entry("Learning to See"), [], unasked=down).status == "pending"
    assert decide(entry("Learning to See in the Dark"), []).status == "unresolved"
    assert decide(entry(known.title), searched(known), unasked=down).status == "resolved"
    assert "semantic_scholar" in decide(entry("Learning to See"), [], unasked=down).reason


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("AVA dataset: AVA is a project that provides annotations of video", "dataset"),
        ("Moments in Time Dataset A large-scale dataset for recognizing video", "dataset"),
        ("MediaPipe is a cross-platform framework for applied machine learning", "code"),
        ("PyVideoResearch: A repository of common methods for video research", "dataset"),
        ("Youtube-8M, new segment task!", "post"),
        ("Learning Cross-Modal Temporal Representations from Unlabeled Videos", "post"),
        ("Multi-Modal Learning from Videos", "tutorial"),
        ("Awesome list for multimodal learning", "list"),
        ("3D ConvNets in Pytorch", "code"),
    ],
)  # fmt: skip
def test_tools_and_posts_do_not_turn_into_papers(title: str, kind: str) -> None:
    """No request is made for them, and a paper of that very title would not be taken."""
    one = entry(title, kind=kind)
    assert not wants_lookup(one, None)
    assert decide(one, searched(arxiv(title, "2001.00001"))).status == "not_a_paper"


def test_code_under_the_title_of_its_paper_is_taken_by_that_title_only() -> None:
    """A repository listed under a paper's full title is that paper; under a near one it is not."""
    title = "Use What You Have: Video Retrieval Using Collaborative Experts"
    one = entry(title, kind="code")
    assert wants_lookup(one, None)
    assert decide(one, searched(arxiv(title, "1907.13487"))).status == "resolved"
    near = arxiv(title + ": Extended", "1907.13487")
    assert decide(one, searched(near)).chosen is None


def test_a_person_overrules() -> None:
    """A pin, a rejection and an absence stand above every score."""
    title = "Learning to See in the Dark"
    right, other = arxiv(title, "1805.01934"), arxiv("Quite Another Thing", "2001.00001")
    pin = Override("e", "the thesis", pin="arxiv:2001.00001")
    found = decide(entry(title), searched(right, other), override=pin)
    assert (found.status, found.method, found.score) == ("resolved", "override", 1.0)
    assert found.chosen is not None
    assert found.chosen.record is other
    assert "the thesis" in found.reason
    missing = Override("e", "gone", pin="arxiv:9901.00001")
    assert decide(entry(title), searched(right), override=missing).status == "unresolved"
    down = frozenset({"arxiv"})
    assert decide(entry(title), [], override=missing, unasked=down).status == "pending"
    rejected = Override("e", "a namesake", reject=("arxiv:1805.01934",))
    twin = s2(title, "x", ids={"arxiv_id": "1805.01934"})
    found = decide(entry(title), searched(right, twin), override=rejected)
    assert found.status == "unresolved"
    assert {w.decision for w in found.weighed} == {"rejected"}
    absent = Override("e", "a talk", absent=True)
    assert decide(entry(title), searched(right), override=absent).status == "unresolved"
    assert not wants_lookup(entry(title), absent)


def test_every_decision_carries_its_evidence() -> None:
    """All candidates are kept with scores and reasons, under the version of the rules."""
    title = "Learning to See in the Dark"
    records: list[Record] = [arxiv(title, "1805.01934"), arxiv("Another Thing", "2001.00001")]
    found = decide(entry(title), searched(*records))
    assert found.rule_version == RULE_VERSION
    assert len(found.weighed) == 2
    assert all(0 <= w.score <= 1 and w.reason.endswith(".") for w in found.weighed)
    assert found.score == max(w.score for w in found.weighed)


def test_hints_from_links_are_witnesses() -> None:
    """A file name tells author and year where the list is silent."""
    record = arxiv("Objects that Sound", "1712.06651", "Relja Wang", year=2017)
    hinted: Entry = entry(record.title, hints=(("first_author", "Wang"), ("year", "2018")))
    assert decide(entry(record.title), searched(record)).status == "ambiguous"
    assert decide(hinted, searched(record)).status == "resolved"
