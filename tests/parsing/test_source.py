"""Lists in files: which are found, how they are named, and the errors for what is no list."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from tests.parsing.support import list_text, parse

from enrich.errors import ListError
from enrich.parsing import find_lists, parse_list, read_list

PAGE = b"# List\n\n- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n"


def test_a_file(tmp_path: Path) -> None:
    """A file is taken byte for byte, with its hash, a name and a slug."""
    path = tmp_path / "My List of GANs.md"
    path.write_bytes(PAGE)
    text = read_list(str(path))
    assert (text.name, text.slug) == ("My List of GANs.md", "my-list-of-gans")
    assert text.data == PAGE
    assert text.sha256 == hashlib.sha256(PAGE).hexdigest()


def test_find_lists(tmp_path: Path) -> None:
    """Lists of every format are found; notes on sources, overrides and hidden files are none."""
    for name in (
        "b.md",
        "a.rst",
        "c.bib",
        "d.csv",
        "SOURCES.md",
        "overrides.toml",
        ".x.md",
        "e.pdf",
    ):
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.md").mkdir()
    assert [Path(p).name for p in find_lists(tmp_path)] == ["a.rst", "b.md", "c.bib", "d.csv"]
    with pytest.raises(ListError, match="is no folder"):
        find_lists(tmp_path / "missing")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is a binary file"),
        (b"%PDF-1.4 \x00\x01", "is a binary file"),
        (b"<!DOCTYPE html>\n<html><body>x</body></html>", "is a web page"),
    ],
)
def test_files_that_are_no_list(tmp_path: Path, data: bytes, said: str) -> None:
    """Empty, binary and HTML files are refused in one sentence that names them."""
    path = tmp_path / "list.md"
    path.write_bytes(data)
    with pytest.raises(ListError, match=said) as error:
        read_list(str(path))
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder and an impossible path are refused in one sentence."""
    with pytest.raises(ListError, match="does not exist"):
        read_list(str(tmp_path / "missing.md"))
    with pytest.raises(ListError, match="is a folder"):
        read_list(str(tmp_path))
    with pytest.raises(ListError, match="cannot be read"):
        read_list(str(tmp_path / "a\x00b.md"))
    with pytest.raises(ListError, match="cannot be read"):
        read_list(str(tmp_path / ("a" * 300)))


@pytest.mark.parametrize(
    "text",
    ["Just prose, nothing else.", "# A heading\n\n## Another\n", "- [Top](#top)\n- [End](#end)\n"],
)
def test_a_list_without_entries(text: str) -> None:
    """A text that names no entry is refused, not turned into an empty table."""
    with pytest.raises(ListError, match="holds no entries"):
        parse(text)


@pytest.mark.parametrize("rest", ["", "o", "o/r/x", "o/r@", "o/r:"])
def test_github_forms(rest: str) -> None:
    """A malformed GitHub location is refused before anything is fetched."""
    with pytest.raises(ListError, match="github:owner/repo"):
        read_list(f"github:{rest}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    """UTF-8 with and without mark and marked UTF-16 are read; line ends do not matter."""
    text = "# Liste\r\n\r\n- [Über das Lernen von Löchern](https://arxiv.org/abs/1706.03762)\r\n"
    parsed = parse_list(list_text(text.encode(encoding)))
    assert parsed.entries[0].title == "Über das Lernen von Löchern"
    assert parsed.entries[0].line_start == 3


def test_other_encodings() -> None:
    """An old encoding is recognised from enough text; a broken one is refused with its offset."""
    link = "https://arxiv.org/abs/1706.0{:04}"
    line = f"- [视频分类的深度学习方法综述与展望]({link}) 作者:张三、李四\n"
    text = "# 论文列表\n\n" + "".join(line.format(n) for n in range(1000, 1040))
    parsed = parse_list(list_text(text.encode("gb18030")))
    assert parsed.encoding.startswith("gb")
    assert parsed.entries[0].title == "视频分类的深度学习方法综述与展望"
    with pytest.raises(ListError, match="at offset 12 "):
        parse(b"- a b c d e \xff\xfe\xfa\x81\x8d [x](https://arxiv.org/abs/1706.03762)\n")


def test_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    """What is no regular file would be read for ever."""
    os.mkfifo(tmp_path / "list.md")
    for path in (str(tmp_path / "list.md"), "/dev/zero"):
        with pytest.raises(ListError, match="is a pipe or a device"):
            read_list(path)


def test_names_of_lists(tmp_path: Path) -> None:
    """A README is named for its folder; a long name is cut and stays distinct."""
    folder = tmp_path / "graph-papers"
    folder.mkdir()
    names = ("README.md", "a" * 240 + ".md", "a" * 239 + "b.md")
    for name in names:
        (folder / name).write_text("- [A title](https://arxiv.org/abs/1706.03762)\n")
    slugs = [read_list(str(folder / name)).slug for name in names]
    assert slugs[0] == "graph-papers"
    assert slugs[1] != slugs[2]
    assert max(map(len, slugs)) <= 130
