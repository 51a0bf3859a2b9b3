"""The documentation: generated pages are current, the site builds, no link on it is broken."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest

from enrich.cli.main import COMMANDS
from enrich.settings import Settings

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", REPO / "docs/generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_pages_are_current(generator: ModuleType) -> None:
    """The reference is what the code says today: `make docs` was run after the last change."""
    for name, text in generator.pages().items():
        written = (REPO / "docs/reference" / name).read_text("utf-8")
        assert written == text, f"docs/reference/{name}: run `make docs`"


def test_every_command_and_setting_is_on_its_page(generator: ModuleType) -> None:
    """No command, option group or setting is missing from the reference."""
    commands, settings = generator.command_line(), generator.settings()
    assert all(f"\n## enrich {name}\n" in commands for name in COMMANDS)
    for name, field in Settings.model_fields.items():
        variable = field.validation_alias or f"ENRICH_{name.upper()}"
        assert f"| `{variable}` | `{name}` |" in settings
        assert field.description, f"settings.{name} has no description"


@pytest.mark.slow
def test_the_site_builds_and_no_link_is_broken(tmp_path: Path) -> None:
    """`mkdocs build --strict` passes, and each link and picture of the site leads to something."""
    command = ["mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    built = subprocess.run(
        [sys.executable, "-m", *command], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    pages = {
        p.relative_to(tmp_path).as_posix(): p.read_text("utf-8") for p in tmp_path.rglob("*.html")
    }
    ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in pages.items()}
    assert len(pages) > 20
    for name, text in pages.items():
        if name == "404.html":  # its links are absolute to where the site will stand
            continue
        for target in re.findall(r'<(?:a|img)\b[^>]*?\b(?:href|src)="([^"]+)"', text):
            parts = urlsplit(unescape(target))
            if parts.scheme or parts.netloc:
                continue
            file = (tmp_path / name).parent / unquote(parts.path) if parts.path else tmp_path / name
            where = file.resolve().relative_to(tmp_path.resolve()).as_posix()
            assert file.exists(), f"{name} links to {target}"
            if parts.fragment and where in ids:
                assert unquote(parts.fragment) in ids[where] | {"__skip"}, f"{name}: {target}"
