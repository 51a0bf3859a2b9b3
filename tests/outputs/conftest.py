"""Published snapshots that several tests read, each made once, and a clean environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.outputs.browser import Browser, start
from tests.outputs.lists import FAULTY, PAPER, REAL, Mark, text_of

from enrich.cli.run import main as run
from enrich.outputs.annotate.edit import Annotated, annotate
from enrich.parsing import parse_list
from enrich.sandbox import Sandbox, list_of, synthetic


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No ENRICH_* variable of the machine, and an empty working folder."""
    for name in [name for name in os.environ if name.startswith("ENRICH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def published(folder: Path, listed: Path) -> Path:
    """The root of a sandbox snapshot of a list."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENRICH_STORE", str(folder / "store.sqlite"))
        assert (
            run(["--sandbox", "--no-report", "-q", "--out", str(folder / "out"), str(listed)]) == 0
        )
    return folder / "out"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a snapshot of the real list."""
    return published(tmp_path_factory.mktemp("demo"), REAL)


@pytest.fixture
def copy(clean: Path) -> Path:
    """A copy of the real list in the working folder."""
    return Path(shutil.copy(REAL, clean))


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a snapshot of the list with problems; `faulty.md` is beside it."""
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "faulty.md").write_text(FAULTY)
    return published(folder, folder / "faulty.md")


@pytest.fixture(scope="session")
def five_hundred(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The root of a snapshot of 500 entries; the list is `made-up.md` beside it."""
    folder = tmp_path_factory.mktemp("five")
    catalogue = synthetic(520, seed=3)
    made = folder / "made-up.md"
    made.write_text(list_of(catalogue, 500, seed=3, known=1.0))
    with Sandbox(catalogue=catalogue, scale=1000.0) as box, pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("ARXIV_URL", box.arxiv_url), ("S2_URL", box.s2_url), ("ARXIV_INTERVAL", "0.003"),
            ("S2_INTERVAL", "0.001"), ("STORE", str(folder / "store.sqlite")),
        ):  # fmt: skip
            patch.setenv(f"ENRICH_{name}", value)
        assert run(["--no-report", "-q", "--out", str(folder / "out"), str(made)]) == 0
    yield folder / "out"


@pytest.fixture
def mark() -> Mark:
    """Annotates a text, every entry being the one paper, with changes to it."""

    def do(data: bytes | str, style: Any = "text", dates: bool = True, **changes: Any) -> Annotated:
        text = text_of(data)
        parsed = parse_list(text)
        paper = PAPER | changes
        paper_of = {entry.entry_id: paper for entry in parsed.entries}
        return annotate(text, parsed, paper_of, style, dates=dates)

    return do


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One headless Chromium, started once."""
    driver = start(tmp_path_factory.mktemp("profile"))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser, wide, light and with scripts, whatever the test before it set."""
    chromium.width(1280)
    chromium.emulate(prefers_color_scheme="light")
    yield chromium
    chromium.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
