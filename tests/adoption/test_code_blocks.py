"""Every code block of README.md and docs/ is run or checked, and prints what is shown below it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from tests.adoption.code_blocks import NOT_RUN, PAGES, SERVES, Block, Command, blocks, commands
from tests.index.dumps import facts, json_lines, write_arxiv, write_s2
from tests.outputs.lists import FAULTY
from tests.paths import REAL_LIST, REPO, REPOSITORY

from enrich.resolve.declines import load_declined
from enrich.resolve.overrides import FILE, load_overrides
from enrich.sandbox import Sandbox
from enrich.snapshot import layout

SLUG = REAL_LIST.stem
# Commands whose exit code says what they found.
FINDINGS = re.compile(r"^enrich lint .*(?<!--fix)$")


def test_every_block_is_of_a_kind() -> None:
    """A block in a language that nothing is done with, or without a language, is an error."""
    found = [block for page in PAGES for block in blocks(page)]
    assert [block.place for block in found if not block.kind] == []
    assert {"console", "python", "printed", "sql", "toml", "yaml"} <= {b.kind for b in found}
    lines = [c.text for b in found if b.kind == "console" for c in commands(b)]
    assert [p for p in NOT_RUN if not any(re.search(p, line) for line in lines)] == []


class Reader:
    """A person who follows one page: a shell, a Python session and the files it speaks of."""

    def __init__(self, work: Path, env: dict[str, str]) -> None:
        self.work, self.env = work, env
        self.space: dict[str, Any] = {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = str(probe.getsockname()[1])

    def concrete(self, text: str) -> str:
        """`text` with its placeholders replaced by what this reader has."""
        newest = layout.latest(self.work / "data" / "sandbox" / SLUG) or "20260101T000000Z"
        known = {
            "title of an entry": "Look, Listen and Learn",
            "<list>": SLUG,
            "my-list ": f"{SLUG} ",
            "/data/index": str(self.work / "index"),
            "/opt/enrich": str(self.work),
            ".venv/bin/": "",
            "2026-11": f"{newest[:4]}-{newest[4:6]}",
            "8123": self.port,
        }
        for placeholder, value in known.items():
            text = text.replace(placeholder, value)
        return text

    def run(self, command: Command) -> None:
        """Run a command in the page's shell; its output must be what the page shows."""
        text = self.concrete(command.text)
        if command.reason:
            self.check(text)
        elif re.search(SERVES, text):
            self.serve(command)
        else:
            exported = self.work.parent / "environment"
            script = f"set -o pipefail\n{text}\nstatus=$?\nenv -0 > {exported}\nexit $status\n"
            done = subprocess.run(
                ["bash", "-c", script], cwd=self.work, env=self.env,
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode in ((0, 1) if FINDINGS.match(text) else (0,)), (
                f"{command.place}: {text}: {done.returncode}\n{done.stdout}{done.stderr}"
            )
            pairs = (line.split("=", 1) for line in exported.read_text().split("\0") if line)
            self.env = dict(pairs)
            if command.shown:
                compare(command.place, self.concrete(command.shown), done.stdout)

    def serve(self, command: Command) -> None:
        """Start a command that serves until it is stopped, read what the page shows, stop it."""
        started = subprocess.Popen(
            shlex.split(self.concrete(command.text)), cwd=self.work, env=self.env,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert started.stdout
        with started:
            printed = "".join(started.stdout.readline() for _ in command.shown.splitlines())
            started.send_signal(signal.SIGINT)
        compare(command.place, self.concrete(command.shown), printed)

    def check(self, text: str) -> None:
        """What can be known of a command that is not run: its target, its options."""
        words = shlex.split(text, comments=True)
        if words[0] == "make":
            subprocess.run(["make", "-n", words[1]], cwd=REPO, check=True, capture_output=True)
        elif words[0] == "prefect":
            # `--no-prompt` is an option of `prefect` itself; what follows an option is its value.
            words = [word for word in words if word != "--no-prompt"]
            options = [word for word in words if word.startswith("--")]
            asked = words[1 : words.index(options[0])] if options else words[1:]
            helped = subprocess.run(
                [shutil.which("prefect", path=self.env["PATH"]) or "prefect", *asked, "--help"],
                env=self.env, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert helped.returncode == 0, f"{text}: {helped.stdout}{helped.stderr}"
            assert all(option in helped.stdout for option in options), text

    def python(self, block: Block) -> str:
        """Run a block in the page's Python session; returns what it printed."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(self.concrete(block.text), block.place, "exec"), self.space)
        return printed.getvalue()


def compare(place: str, shown: str, printed: str) -> None:
    """Fail unless `printed` is `shown`, in which an ellipsis stands for anything."""
    pattern = ".*".join(re.escape(part) for part in shown.strip().split("…"))
    assert re.fullmatch(pattern, printed.strip(), re.S), f"{place} shows\n{shown}, not\n{printed}"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """The services, as all pages' commands find them in the environment."""
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def reader(tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """A folder with a list and its snapshot, dumps for an index, and no variable but these."""
    for name in [n for n in os.environ if n.startswith(("ENRICH_", "PREFECT_", "S2_"))]:
        monkeypatch.delenv(name)
    given = {
        "ENRICH_ARXIV_URL": box.arxiv_url,
        "ENRICH_S2_URL": box.s2_url,
        "ENRICH_ARXIV_INTERVAL": "0.01",
        "ENRICH_S2_INTERVAL": "0.01",
        "MPLBACKEND": "Agg",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HOME": str(tmp_path),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    work = tmp_path / "reading"
    (work / "data" / "raw").mkdir(parents=True)
    (work / "data" / "sandbox").mkdir()
    # What is invented is published under data/sandbox; the pages speak of data/enriched.
    (work / "data" / "enriched").symlink_to("sandbox")
    (work / "snapshots").symlink_to(Path("data", "sandbox"))
    for copy in (work / "data" / "raw" / REAL_LIST.name, work / "a.md"):
        shutil.copy(REAL_LIST, copy)
    (work / "my-list.md").write_text("- [Attention](https://arxiv.org/abs/1706.03762)\n")
    (work / "b.bib").write_text("@article{one, title={Look, Listen and Learn}, year={2017}}\n")
    faulty = FAULTY.splitlines()
    (work / "README.md").write_text("\n".join([*faulty[:6], "", "", "", *faulty[9:11]]) + "\n")
    papers = facts(40)
    write_arxiv(work / "arxiv-metadata-oai-snapshot.json", papers)
    write_s2(work, papers)
    numbers = [p.corpus for p in papers if p.corpus]
    citations = work / "2025-08-19" / "citations"
    citations.mkdir()
    (citations / "20250822_0").write_bytes(
        json_lines(
            {"citationid": n, "citingcorpusid": citing, "citedcorpusid": cited}
            for n, (citing, cited) in enumerate(pairwise(numbers), 1)
        )
    )
    for name, lines in (("updates", papers[-1].s2_line()), ("deletes", {"corpusid": 1})):
        (work / "diff" / name).mkdir(parents=True)
        (work / "diff" / name / "one.json").write_bytes(json_lines([lines]))
    duckdb.sql("select 'Look, Listen and Learn' as title").write_parquet(
        str(work / "titles.parquet")
    )
    monkeypatch.chdir(work)
    return Reader(work, dict(os.environ))


def prepared(page: Path, reader: Reader) -> None:
    """Publish the snapshots that a page takes for granted."""
    lists = [str(Path("data", "raw", REAL_LIST.name))]
    if any(" README.md" in b.text for b in blocks(page) if b.kind == "console"):
        lists.append("README.md")
    reader.run(Command("before the page", f"enrich run -q {' '.join(lists)}"))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    "page", [p for p in PAGES if any(b.kind != "generated" for b in blocks(p))],
    ids=lambda p: str(p.relative_to(REPO)),
)  # fmt: skip
def test_the_page_is_true(page: Path, reader: Reader) -> None:
    """Whoever follows the page from top to bottom sees what it says."""
    if any(b.kind not in ("drawing", "generated", "toml") for b in blocks(page)):
        prepared(page, reader)
    printed = ""
    for block in blocks(page):
        if block.kind == "console":
            for command in commands(block):
                reader.run(command)
        elif block.kind == "crontab":
            minute, hour, *_, text = reader.concrete(block.text).split(maxsplit=5)
            assert minute.isdecimal() and hour.isdecimal()
            reader.run(Command(block.place, text.strip()))
        elif block.kind == "python":
            printed = reader.python(block)
        elif block.kind == "printed":
            compare(block.place, reader.concrete(block.text), printed)
        elif block.kind == "sql":
            query(block, reader)
        elif block.kind == "toml":
            overrides(block, reader.work)
        elif block.kind == "yaml":
            workflow(block, reader)


def query(block: Block, reader: Reader) -> None:
    """Run a query: over the snapshots' files by DuckDB, else over the exported database."""
    if "data/" in block.text:
        duckdb.sql(block.text).fetchall()
        return
    with contextlib.closing(sqlite3.connect(reader.work / "lists.db")) as base:
        assert base.execute(block.text).fetchall(), f"{block.place} finds nothing"


def overrides(block: Block, folder: Path) -> None:
    """Read a block as the overrides file that it is part of: all that it says is understood."""
    tables = tomllib.loads(block.text)
    assert tables.keys() <= {"override", "decline"}, block.place
    (folder / f"shown.{FILE}").write_text(block.text.replace('"s2:…"', f'"s2:{"0" * 40}"'))
    assert len(load_overrides(folder, "shown")) == len(tables.get("override", ()))
    declined = load_declined(folder, "shown")
    assert bool(declined) == bool(tables.get("decline"))


def workflow(block: Block, reader: Reader) -> None:
    """Inputs and secrets that a workflow passes to this repository exist; its commands run."""
    tree = yaml.safe_load(block.text)
    steps = tree if isinstance(tree, list) else list(tree["jobs"].values())
    for step in steps:
        if "uses" in step:
            path = step["uses"].removeprefix(REPOSITORY).partition("@")[0].strip("/")
            known = yaml.safe_load((REPO / (path or "action.yml")).read_text("utf-8"))
            # YAML 1.1 reads the key `on` as true.
            called = known.get(True, {}).get("workflow_call", known)
            assert step.get("with", {}).keys() <= called["inputs"].keys(), block.place
            assert step.get("secrets", {}).keys() <= called.get("secrets", {}).keys(), block.place
        elif "${{" not in step["run"]:
            prepared_list = Command(block.place, step["run"])
            reader.run(prepared_list)
