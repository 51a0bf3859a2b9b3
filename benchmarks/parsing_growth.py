"""How parse time grows with hostile inputs: `python benchmarks/parsing_growth.py [FORMAT …]`.

Every pattern of `_ANY` and `_LINES` is repeated in a list of each format to a size of n and of 4n
characters, and processor time is compared: linear work has a ratio near 4. Exit code 1 when any
ratio exceeds `MAX_RATIO`. An input that is refused with a `ListError` is bounded and passes.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable

from enrich.errors import ListError
from enrich.parsing import ListText, parse_list

MAX_RATIO = 6.0
# Shorter times are noise: a size that is read faster is made larger.
_SECONDS = 0.1
_LARGEST = 2_000_000
_START = 10_000
_LINK = "https://arxiv.org/abs/1706.03762"

_ANY = (
    "*a ", "**a ", "_a ", "__a ", "***", "**[a](b)**", "[code](u) ", "[", "]", "(", ")",
    "![", "[a](", "[a][", "<a", "<a ", "<a href=", "<!--", "</", "<", ">", "&", "&amp",
    "😀", "`", "`a", "``a ", "`a <", "`` `a < ``", "[a]_ ", "|a|_ ", "|", "||", "~~", "~",
    "=a ", "/a ", "+a ", "#a ", "{a}", "{", "}", '"', '","', '"a" ', "'", ",", ";", ":",
    ": ", "- ", "a - ", ". ", "a. ", "a, ", "A. Bee, ", "and ", "(a) ", "((", "[[", "]]",
    "[[a][", "[[a]]", "<<a", "<<a,", "link:a[", "footnote:[", "http://", "http://a ",
    "http://a[", "https://a/b(", "www.", "arxiv:", "1706.03762 ", "10.1/", "10.1000/a.",
    "doi:", "\\", "\\(", "$", "$a", "2019 ", "CVPR ", "CVPR 2019, ", "(2019", "' ", "“",
    "”a", "a\u0301", "\u200b", "\u3000", "、", "，", "@", "@a{", "=", "x=y,", "\t",
    "a" * 50 + " ", "a", "a/", "a-b.", "a:", "a@", "a_", "1", "A", "É", "论", "…", "...",
    "--", "---", "—",
)  # fmt: skip


def _header(n: int) -> str:
    return "|a" * (n // 8) + "|\n" + "|-" * (n // 8) + "|\n"


_LINES: dict[str, Callable[[int], str]] = {
    "nested list": lambda n: "".join("  " * i + "- a\n" for i in range(int(n**0.5))),
    "flat list": lambda n: "- a\n" * (n // 4),
    "nested quote": lambda n: ">" * n + " a\n",
    "quote steps": lambda n: "".join(">" * i + " a\n" for i in range(int((2 * n) ** 0.5))),
    "lazy quotes": lambda n: "> a\nb\n" * (n // 6),
    "table": lambda n: "| a | b |\n|---|---|\n" + "| x | y |\n" * (n // 10),
    "wide table": lambda n: _header(n) + "|b" * (n // 8) + "|\n",
    "short rows of a wide table": lambda n: _header(n) + "|b|\n" * (n // 8),
    "headings": lambda n: "# a\n" * (n // 4),
    "underlined": lambda n: "a\n===\n\n" * (n // 7),
    "references": lambda n: "".join(f"[a{i}]: http://a/{i}\n" for i in range(n // 20)),
    "same reference": lambda n: "[a]: http://a/\n" * (n // 20) + "[a] " * (n // 8),
    "open tags": lambda n: "<div>" * (n // 5),
    "open tag lines": lambda n: "<div>\n\n" * (n // 7),
    "open list tags": lambda n: "<ul><li>" * (n // 8),
    "table tags": lambda n: "<table><tr><td>" * (n // 15),
    "open comments": lambda n: "<!-- a\n" * (n // 7),
    "fences": lambda n: "```\na\n" * (n // 6),
    "stars": lambda n: "* * * a\n" * (n // 8),
    "short lines": lambda n: "a\n" * (n // 2),
    "breaks": lambda n: "a<br>" * (n // 5),
    "continued": lambda n: "- a\n" + "  b\n" * (n // 4),
    "continued links": lambda n: "- a\n" + "  [b](http://c)\n" * (n // 16),
    "definitions": lambda n: "a\n  b\n" * (n // 6),
    "fields": lambda n: ":a: b\n" * (n // 6),
    "directives": lambda n: ".. a::\n\n" * (n // 8),
    "targets": lambda n: "".join(f".. _a{i}: http://a/{i}\n\n" for i in range(n // 25)),
    "footnotes": lambda n: "".join(f".. [#a{i}] b\n\n" for i in range(n // 15)),
    "org headings": lambda n: "* a\n" * (n // 4),
    "deep org headings": lambda n: "".join("*" * i + " a\n" for i in range(1, int((2 * n) ** 0.5))),
    "drawers": lambda n: "* a\n:PROPERTIES:\n" * (n // 16),
    "open blocks": lambda n: "#+begin_src\n" * (n // 12),
    "delimiters": lambda n: "----\n====\n" * (n // 10),
    "open cells": lambda n: "|===\n" + "|a\n" * (n // 3),
    "terms": lambda n: "a:: b\n" * (n // 6),
    "attributes": lambda n: "".join(f":a{i}: b\n{{a{i}}}\n" for i in range(n // 12)),
    "quoted rows": lambda n: '"a\n' * (n // 3),
    "rows": lambda n: "a,b\n" * (n // 4),
    "bib entries": lambda n: "".join(f"@a{{k{i}, title={{x}}}}\n" for i in range(n // 25)),
    "same bib entry": lambda n: "@a{k, title={x}}\n" * (n // 17),
    "open bib entries": lambda n: "@a{k, title={x\n" * (n // 15),
    "bib braces": lambda n: "@a{k, title={" + "{" * (n // 2) + "x" + "}" * (n // 2) + "}}\n",
    "bib fields": lambda n: "@a{k," + "".join(f"a{i}={{x}}," for i in range(n // 9)) + "}\n",
    "bib joined": lambda n: "@a{k, title=" + '"a" # ' * (n // 6) + '"b"}\n',
    "bib strings": lambda n: "".join(f'@string{{a{i} = "x"}}\n' for i in range(n // 18)),
    "bib latex": lambda n: "@a{k, title={" + "\\'{e}" * (n // 5) + "}}\n",
    "bib math": lambda n: "@a{k, title={" + "$x" * (n // 2) + "}}\n",
    "bib authors": lambda n: "@a{k, title={x}, author={" + "A. Bee and " * (n // 11) + "C}}\n",
}  # fmt: skip
_FORMATS = {
    "markdown": ("x.md", "- [A title](" + _LINK + ") {}\n"),
    "rst": ("x.rst", "- `A title <" + _LINK + ">`__ {}\n"),
    "org": ("x.org", "- [[" + _LINK + "][A title]] {}\n"),
    "asciidoc": ("x.adoc", "* " + _LINK + "[A title] {}\n"),
    "html": ("x.html", "<ul><li><a href='" + _LINK + "'>A title</a> {}\n"),
    "bibtex": ("x.bib", "@article{{k, title={{A title {}}}, url={{" + _LINK + "}}}}\n"),
    "csv": ("x.csv", "title,url\nA title {}," + _LINK + "\n"),
    "text": ("x.txt", "A title " + _LINK + " {}\n"),
}


def seconds(name: str, content: str) -> tuple[float, str]:
    """Processor seconds to parse a text, and how it ended."""
    data = content.encode("utf-8", "replace")
    text = ListText(name, "x", name, data, hashlib.sha256(data).hexdigest())
    began = time.process_time()
    try:
        parse_list(text)
        ended = "read"
    except ListError as error:
        ended = f"refused: {error}"
    return time.process_time() - began, ended


def content_of(form: str, kind: str, size: int) -> str:
    """A list of one format whose text repeats the pattern `kind` for about `size` characters."""
    _, template = _FORMATS[form]
    if kind in _LINES:
        entry = template.format("and more")
        return entry + "\n" + _LINES[kind](size) + "\n" + entry
    return template.format(kind * (size // len(kind)))


def growth(form: str, kind: str) -> tuple[float, int, float, str]:
    """The ratio of times at 4n and n, n, the seconds at 4n, and how reading ended."""
    name = _FORMATS[form][0]
    size = _START
    while True:
        small, ended = seconds(name, content_of(form, kind, size))
        if small >= _SECONDS or size * 4 > _LARGEST or ended != "read":
            break
        size *= 4
    large, ended = seconds(name, content_of(form, kind, size * 4))
    return large / max(small, 0.01), size, large, ended


def main() -> int:
    """Print every pattern whose time grows too fast; the exit code says whether one does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", choices=[[], *_FORMATS], default=[])
    formats = parser.parse_args().formats or list(_FORMATS)
    bad = 0
    for form in formats:
        for kind in (*_ANY, *_LINES):
            ratio, size, large, ended = growth(form, kind)
            if ratio > MAX_RATIO:
                bad += 1
                shown = kind if kind in _LINES else repr(kind)
                times = f"x{ratio:5.1f} at {size:>8,} -> {large:6.2f} s"
                print(f"{form:9} {shown:26} {times}, {ended[:60]}", flush=True)
    print(f"{bad} of {len(formats) * (len(_ANY) + len(_LINES))} grow faster than {MAX_RATIO}.")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
