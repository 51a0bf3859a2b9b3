"""The formats that lists come in: each is recognised, and read into the same entries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.parsing.support import parse
from tests.parsing.test_properties import examples

from enrich.errors import ListError
from enrich.parsing.formats import READABLE, recognise
from enrich.records import Entry, ParsedList

ORG = """\
#+TITLE: Papers on graphs
* Node embeddings                                      :graphs:
** TODO [#A] [[https://arxiv.org/abs/1403.6652][DeepWalk: Online Learning of Representations]]
   SCHEDULED: <2019-01-01 Tue>
   :PROPERTIES:
   :ID:       1234
   :AUTHORS:  Bryan Perozzi, Rami Al-Rfou
   :YEAR:     2014
   :END:
** DONE LINE: Large-scale Information Network Embedding
   [[https://arxiv.org/abs/1503.03578][paper]] | [[https://github.com/a/LINE][code]]
* Lists
- [[arxiv:1706.03762][Attention Is All You Need]], Vaswani et al., /NeurIPS 2017/
  - code: https://github.com/tensorflow/tensor2tensor
- *Deep Residual Learning for Image Recognition* ([[https://arxiv.org/abs/1512.03385][arXiv]])
* Table
| Title                            | Authors           | Year | Link  |
|----------------------------------+-------------------+------+-------|
| Layer Normalization for Networks | Ba, Kiros, Hinton | 2016 | [[arxiv:1607.06450][pdf]] |
"""
ASCIIDOC = """\
= Papers on graphs
:arxiv: https://arxiv.org/abs

== Node embeddings

* {arxiv}/1403.6652[DeepWalk: Online Learning of Representations],
Bryan Perozzi, Rami Al-Rfou. _KDD 2014_
** https://example.org/talk.pptx[slides]
* *LINE: Large-scale Information Network Embedding* https://arxiv.org/abs/1503.03578[[Paper\\]]

Lists
-----

. link:https://arxiv.org/abs/1706.03762[Attention Is All You Need^] (NeurIPS 2017)
+
See https://github.com/tensorflow/tensor2tensor[code].

[cols="2,1,1,1", options="header"]
|===
|Title |Authors |Year |Link

|Layer Normalization for Networks
|Ba, Kiros, Hinton
|2016
|https://arxiv.org/abs/1607.06450[pdf]
|===
"""
HTML = """\
<!DOCTYPE html>
<html><head><title>x</title></head>
<body><nav><a href="https://example.org/home">Home</a></nav>
<h1>Papers on graphs</h1>
<h2>Node embeddings</h2>
<ul>
<li><a href="https://arxiv.org/abs/1403.6652">DeepWalk: Online
  Learning of Representations</a>. Bryan Perozzi, Rami Al-Rfou. <i>KDD 2014</i>
<li><b>LINE: Large-scale Information Network Embedding</b>
  [<a href="https://arxiv.org/abs/1503.03578">Paper</a>]
</ul>
<table><tr><th>Title<th>Authors<th>Year<th>Link
<tr><td>Layer Normalization for Networks<td>Ba, Kiros, Hinton<td>2016
<td><a href="https://arxiv.org/abs/1607.06450">pdf</a></table>
<div class="card"><a href="https://arxiv.org/abs/1706.03762"><h3>Attention Is All You Need</h3></a>
<p>Ashish Vaswani, Noam Shazeer</p></div>
</body></html>
"""
RST = """\
Papers on graphs
****************

.. role:: authors(emphasis)
.. role:: venue(strong)

Node embeddings
===============

`DeepWalk: Online Learning of Representations
<https://arxiv.org/abs/1403.6652>`_
    | :authors:`Bryan Perozzi, Rami Al-Rfou`
    | :venue:`KDD 2014`

`LINE: Large-scale Information Network Embedding <https://arxiv.org/abs/1503.03578>`_
    | :authors:`Jian Tang, Meng Qu`
    | :venue:`WWW 2015`
"""


def by_id(parsed: ParsedList) -> dict[str | None, Entry]:
    return {entry.ids.arxiv_id: entry for entry in parsed.entries}


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [(ORG, "list.org", "org"), (ASCIIDOC, "list.adoc", "asciidoc"), (HTML, "list.html", "html")],
)
def test_the_same_papers_in_other_markup(text: str, name: str, form: str) -> None:
    """Headings, bullets, tables and links mean the same in every markup; the rest is dropped."""
    parsed = parse(text, name)
    assert parsed.format == form
    assert parsed.title == "Papers on graphs"
    found = by_id(parsed)
    titles = {
        "1403.6652": "DeepWalk: Online Learning of Representations",
        "1503.03578": "LINE: Large-scale Information Network Embedding",
        "1706.03762": "Attention Is All You Need",
        "1607.06450": "Layer Normalization for Networks",
    }
    assert {key: found[key].title for key in titles} == titles
    assert found["1403.6652"].authors_text == "Bryan Perozzi, Rami Al-Rfou"
    assert found["1403.6652"].year == 2014
    assert found["1403.6652"].section == ("Node embeddings",)
    assert found["1607.06450"].authors_text == "Ba, Kiros, Hinton"
    assert found["1607.06450"].year == 2016
    assert {e.kind for e in parsed.entries} == {"paper"}
    assert [issue for issue in parsed.issues if issue.severity != "info"] == []


def test_rst_line_blocks_say_things_of_the_title_above() -> None:
    """An indented line block below a title is about it; its roles name the fields."""
    found = by_id(parse(RST, "list.rst"))
    assert len(found) == 2
    first = found["1403.6652"]
    assert (first.authors_text, first.venue_text, first.year) == (
        "Bryan Perozzi, Rami Al-Rfou", "KDD 2014", 2014,
    )  # fmt: skip
    assert (first.line_start, first.line_end) == (10, 13)


@pytest.mark.parametrize(
    ("text", "form"),
    [(ORG, "org"), (ASCIIDOC, "asciidoc"), (HTML, "html"), (RST, "rst"),
     ("# T\n\n- [A title](https://arxiv.org/abs/1706.03762)\n", "markdown"),
     ("@article{a, title={T}}\n", "bibtex"), ("1706.03762\n", "text")],
)  # fmt: skip
def test_the_text_decides_where_the_name_does_not(text: str, form: str) -> None:
    """A file without a suffix is recognised by its first signs of markup."""
    assert recognise("README", text) == form


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("list.tex", "x", "LaTeX"),
        ("list.ipynb", "{}", "Jupyter notebook"),
        ("list", "% me\n\\documentclass{article}\n[x](y)", "LaTeX"),
        ("list", '[\n {"title": "x", "url": "https://arxiv.org/abs/1706.03762"}]', "JSON"),
        ("list", "<?xml version='1.0'?><opml/>", "XML"),
        ("list", "== Papers ==\n* [https://arxiv.org/abs/1706.03762 Title]\n", "MediaWiki"),
        ("list", "- title: x\n  url: y\n", "YAML"),
        ("list", "TY  - JOUR\nTI  - x\n", "RIS"),
    ],
)
def test_unknown_markup_is_refused(name: str, text: str, form: str) -> None:
    """What is in no readable format is refused by its name, with the formats that are read."""
    with pytest.raises(ListError, match=f"is {form}, which is not read") as caught:
        parse(text, name)
    assert READABLE in str(caught.value)


MARKS = st.sampled_from(
    ["* ", "** ", "- ", "[[", "][", "]]", "|", "|===", "\n", "\n\n", ":PROPERTIES:\n", ":END:\n",
     "#+begin_src\n", "#+end_src\n", "*", "/", "=", "_", "`", "----\n", "+\n", "== ", "::", "<<",
     ">>", "[cols=3]\n", "link:", "https://arxiv.org/abs/1706.03762", "[", "]", "<li>", "<a href=",
     "</a>", "<td>", "<div>", "</div>", "<head>", "<nav>", "Title of a Paper", ":a: b\n", "{a}",
     "TODO ", ":tag:", "~", "  "]
)  # fmt: skip


@examples(60)
@given(st.lists(MARKS, max_size=50).map("".join), st.sampled_from(["a.org", "a.adoc", "a.html"]))
def test_no_markup_crashes(text: str, name: str) -> None:
    """Any text is read or refused with a ListError; lines stay inside the file."""
    try:
        parsed = parse(text, name)
    except ListError:
        return
    last = text.count("\n") + 1
    for entry in parsed.entries:
        assert 1 <= entry.line_start <= entry.line_end <= last


WRITTEN = {
    "a.org": ("- [[https://x.org/{n}][{t}]]", "* {t}\n[[https://x.org/{n}][paper]]",
              "# https://x.org/{n}", "#+begin_src\nhttps://x.org/{n}\n#+end_src",
              "{t} stands in a [[https://x.org/{n}][sentence]] here.",
              "| {t} | https://x.org/{n} |",
              ":LOGBOOK:\nhttps://x.org/{n}\n:END:"),
    "a.adoc": ("* https://x.org/{n}[{t}]", "== {t}\nlink:https://x.org/{n}[paper]",
               "// https://x.org/{n}", "----\nhttps://x.org/{n}\n----",
               "{t} stands in a https://x.org/{n}[sentence] here.",
               "|===\n|{t} |https://x.org/{n}\n|===", "{t}:: https://x.org/{n}"),
    "a.rst": ("- `{t} <https://x.org/{n}>`_", ".. _r{n}: https://x.org/{n}",
              ".. a comment https://x.org/{n}", "::\n\n  https://x.org/{n}",
              "{t} stands in a `sentence <https://x.org/{n}>`_ here.",
              "`{t} <https://x.org/{n}>`__\n    | :authors:`A. Body`",
              "===  ===\n{n}A   `{t} <https://x.org/{n}>`__\n===  ==="),
    "a.html": ("<ul><li><a href='https://x.org/{n}'>{t}</a></ul>",
               "<nav><a href='https://x.org/{n}'>{t}</a></nav>", "<!-- https://x.org/{n} -->",
               "<p>{t} <a href='https://x.org/{n}'>paper</a></p>",
               "<table><tr><td>{t}<td><a href='https://x.org/{n}'>x</a></table>",
               "<a href='https://x.org/{n}'><div>{t}</div></a>"),
}  # fmt: skip
LAST = {
    "a.rst": "- `The last one of the list <https://z.org/1>`_",
    "a.org": "- [[https://z.org/1][The last one of the list]]",
    "a.adoc": "\n* https://z.org/1[The last one of the list]",
    "a.html": "<ul><li><a href='https://z.org/1'>The last one of the list</a></ul>",
}


@examples(60)
@given(st.data(), st.sampled_from(sorted(WRITTEN)))
def test_no_link_is_lost_in_any_markup(data: st.DataObject, name: str) -> None:
    """Every address of a document is in an entry or among the stray links, in every markup."""
    count = data.draw(st.integers(1, 8))
    parts = [
        data.draw(st.sampled_from(WRITTEN[name])).format(n=n, t=f"Some Title Number {n} of a List")
        for n in range(count)
    ]
    parsed = parse("\n\n".join([*parts, LAST[name]]) + "\n", name)
    kept = {link.url for entry in parsed.entries for link in entry.links}
    kept |= {stray.url for stray in parsed.stray_links}
    assert {f"https://x.org/{n}" for n in range(count)} <= kept
