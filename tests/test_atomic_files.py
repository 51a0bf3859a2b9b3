"""Files are replaced whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from enrich.io.atomic_files import replace_file, replacing


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    """If writing fails, the old content stays and no temporary file remains."""
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_bytes(b"half of the n")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_is_there_until_the_block_ends(tmp_path: Path) -> None:
    """Readers see the old content until the new one is complete, in the same folder."""
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    with replacing(path, durable=False) as temporary:
        temporary.write_bytes(b"new")
        assert (path.read_bytes(), temporary.parent) == (b"old", tmp_path)
    assert path.read_bytes() == b"new"


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    """A symbolic link stays a link, its target keeps its permissions."""
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to(target.name)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o600)


def test_a_new_file_is_readable_by_all_in_a_new_folder(tmp_path: Path) -> None:
    """Folders are created; temporary files are private, the result is not."""
    path = tmp_path / "new" / ("n" * 250 + ".html")
    replace_file(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o644)
