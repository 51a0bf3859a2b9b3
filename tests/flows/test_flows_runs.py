"""Flows in this process, against a real server and real HTTP to the sandbox."""

from __future__ import annotations

import json
import logging
import re
import shlex
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from concurrency_limits import LIMITS
from enrich_all import enrich_all
from enrich_list import enrich_list
from prefect import flow
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import get_client
from prefect_observer import PrefectObserver
from seen import artifacts, everything, last_run, messages, task_names
from setup import ZOMBIES, set_up

from enrich.errors import HeldBack, UsageError
from enrich.sandbox import Catalogue, Sandbox, embedded

# A server takes ten seconds to start, on a machine that has nothing else to do.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

OTHER = """# More papers

- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)
"""


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The stand-in services, as the ones that the settings name."""
    with Sandbox(limits=False) as box:
        _point(monkeypatch, box)
        yield box


def _point(monkeypatch: pytest.MonkeyPatch, box: Sandbox) -> None:
    monkeypatch.setenv("ENRICH_ARXIV_URL", box.arxiv_url)
    monkeypatch.setenv("ENRICH_S2_URL", box.s2_url)
    monkeypatch.setenv("ENRICH_ARXIV_INTERVAL", "0.01")
    monkeypatch.setenv("ENRICH_S2_INTERVAL", "0.01")


def test_missing_limit_is_an_error(connected: Mapping[str, str], box: Sandbox) -> None:
    """Rule: a limit that is missing fails the run before a request; it never means "no limit"."""
    with get_client(sync_client=True) as client:
        for name in LIMITS.values():
            if any(limit.name == name for limit in client.read_global_concurrency_limits()):
                client.delete_global_concurrency_limit_by_name(name)
    state = enrich_list(source="data/raw/video.md", return_state=True)
    assert state.is_failed()
    assert "python flows/setup.py" in (state.message or "")
    with pytest.raises(UsageError):
        state.result()
    assert box.requests == ()


def test_set_up_twice_is_set_up_once(connected: Mapping[str, str]) -> None:
    """Rule: the set-up may be run again; nothing is doubled and nothing reset."""
    with get_client(sync_client=True) as client:
        set_up(client)
        first = {limit.name: limit.id for limit in client.read_global_concurrency_limits()}
        assert not any("created" in sentence for sentence in set_up(client))
        again = {limit.name: limit.id for limit in client.read_global_concurrency_limits()}
        assert first == again
        assert set(LIMITS.values()) <= set(first)
        assert len(client.read_automations_by_name(ZOMBIES)) == 1


def test_run_page_reads_like_the_job(ready: Mapping[str, str], work: Path, box: Sandbox) -> None:
    """Rule: stages and batches are task runs named for what they do; artifacts hold the results."""
    state = enrich_list(source="data/raw/video.md", return_state=True)
    assert state.is_completed(), state.message
    (path,) = state.result()
    assert Path(path, "enriched.parquet").is_file()
    run = last_run("enrich-list")
    assert run.name.startswith("video ")
    seen = artifacts(run)
    assert "Semantic Scholar" in seen["video-summary"]
    assert "This is the list's first snapshot." in seen["video-changes"]
    assert "report.html" in seen["video-summary"]
    assert list(seen["video-entries"][0])[:4] == ["status", "reason", "entry", "link"]
    rows = {row["line"]: row for row in seen["video-entries"]}
    assert rows[5]["link"] == "https://arxiv.org/abs/1706.03762"
    assert rows[5]["status"] == "resolved"
    assert "<b>" not in seen["video-summary"] + str(seen["video-entries"])
    logged = "\n".join(messages(run))
    assert f"video: {len(rows)} entries: {len(rows)} resolved" in logged
    assert "Requests: arXiv " in logged
    assert "report.html" in logged
    names = task_names(run)
    assert {"parse video", "resolve video"} <= set(names)
    assert any(name.startswith("s2 batch 1/") for name in names)
    with get_client(sync_client=True) as client:
        for name in LIMITS.values():
            assert client.read_global_concurrency_limit_by_name(name).active_slots == 0


def test_progress_is_shown_while_it_lasts(ready: Mapping[str, str], work: Path) -> None:
    """Rule: a search of many steps has a progress artifact that ends at 100; one step has none."""

    @flow(name="progressing")
    def progressing() -> None:
        with PrefectObserver(None) as observer:
            observer.progress("arXiv ids", 5, 5)
            for done in (1, 2, 3):
                observer.progress("S2 match", done, 3)

    progressing()
    assert artifacts(last_run("progressing")) == {"s2-match": 100.0}


def test_stages_pass_results_and_errors_through(ready: Mapping[str, str], work: Path) -> None:
    """Rule: a stage gives back what its work gives, and raises the very error its work raises."""
    wrong = UsageError("this is the sentence")

    def fail() -> None:
        raise wrong

    @flow(name="staging")
    def staging() -> tuple[int, Exception]:
        with PrefectObserver(None) as observer:
            kept = observer.stage("outer", lambda: observer.stage("in {it}", lambda: 7))
            try:
                observer.stage("failing", fail)
            except UsageError as error:
                return kept, error
        raise AssertionError("unreachable")

    assert staging() == (7, wrong)


def test_outage_ends_as_incomplete_without_an_error(
    ready: Mapping[str, str], work: Path, box: Sandbox
) -> None:
    """Rule: with a service down a snapshot is published; the log has a warning and no error."""
    box.set_faults(["s2:503"])
    state = enrich_list(source="data/raw/video.md", return_state=True)
    assert (state.is_completed(), state.name) == (True, "Incomplete")
    assert "Semantic Scholar" in (state.message or "")
    run = last_run("enrich-list")
    assert "incomplete" in artifacts(run)["video-summary"]
    assert messages(run, at_least=logging.ERROR) == []
    assert len([m for m in messages(run, at_least=logging.WARNING) if "incomplete" in m]) == 1
    box.set_faults()
    again = enrich_list(source="data/raw/video.md", return_state=True)
    assert again.name == "Completed"


def test_changes_list_what_is_new_and_what_moved(
    ready: Mapping[str, str], work: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule: the changes name new entries and moved counts; the summary has requests and plan."""
    assert enrich_list(source="data/raw/video.md", return_state=True).is_completed()
    page = work / "data" / "raw" / "video.md"
    page.write_text(page.read_text() + "- [A new |one](https://arxiv.org/abs/1610.02357)\n")
    more = [replace(p, citations=(p.citations or 0) + 7) for p in embedded().papers]
    with Sandbox(limits=False, catalogue=Catalogue(more)) as later:
        _point(monkeypatch, later)
        enrich_list(source="data/raw/video.md", refresh=True, return_state=True)
    seen = artifacts(last_run("enrich-list"))
    news = seen["video-changes"]
    assert "## New in the list: 1" in news
    assert "A new \\|one" in news
    assert "## Changed citation counts: 2" in news
    assert "+14 citations" in news
    assert re.search(r"\| arXiv \| [1-9]\d* \| [1-9]\d* \|", seen["video-summary"])


def test_held_back_is_failed_and_can_be_accepted(
    ready: Mapping[str, str], work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule: a run that is held back fails with the gate's sentence and names its parameter."""
    with Sandbox(limits=False) as full:
        _point(monkeypatch, full)
        assert enrich_list(source="data/raw/video.md", return_state=True).is_completed()
    fallen = Catalogue([replace(paper, citations=1) for paper in embedded().papers])
    with Sandbox(limits=False, catalogue=fallen) as wrong:
        _point(monkeypatch, wrong)
        state = enrich_list(source="data/raw/video.md", refresh=True, return_state=True)
    assert state.is_failed()
    assert "held back" in (state.message or "")
    with pytest.raises(HeldBack):
        state.result()
    run = last_run("enrich-list")
    assert "accept" in artifacts(run)["video-summary"]
    assert "Traceback" not in everything(run)
    assert "accept_changes=true" in (state.message or "")
    with Sandbox(limits=False, catalogue=fallen) as right:
        _point(monkeypatch, right)
        accepted = enrich_list(
            source="data/raw/video.md", refresh=True, accept_changes=True, return_state=True
        )
    assert accepted.is_completed()


def test_all_lists_share_what_is_fetched(
    ready: Mapping[str, str], work: Path, box: Sandbox
) -> None:
    """Rule: a paper in two lists is fetched once, and a broken list does not stop the others."""
    raw = work / "data" / "raw"
    (raw / "another.md").write_text(OTHER)
    (raw / "broken.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    state = enrich_all(return_state=True)
    assert state.is_failed()
    assert "broken.md" in (state.message or "")
    asked = [paper for request in box.requests for paper in request.ids]
    assert sum("1706.03762" in paper for paper in asked if "arxiv" in paper.casefold()) <= 1
    seen = artifacts(last_run("enrich-all"))
    assert {"another-summary", "video-summary", "broken-summary", "changes"} <= set(seen)
    assert "More papers" in seen["changes"] and "Papers on video" in seen["changes"]
    assert (work / "data" / "sandbox" / "another" / "latest").exists()
    assert (work / "data" / "sandbox" / "video" / "latest").exists()


def test_the_key_is_nowhere(
    ready: Mapping[str, str], work: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule: the key stays in the environment; the server, which hands out all it has, has none."""
    key = "k3y-that-nobody-may-see"
    monkeypatch.setenv("S2_API_KEY", key)
    assert enrich_list(source="data/raw/video.md", return_state=True).is_completed()
    assert any(request.keyed for request in box.requests)
    assert key not in everything(last_run("enrich-list"))


def test_a_mistake_is_one_sentence(ready: Mapping[str, str], work: Path) -> None:
    """Rule: a user's mistake fails the run with a sentence and leaves no traceback in its log."""
    state = enrich_list(source="data/raw/none.md", return_state=True)
    assert state.is_failed()
    assert "none.md" in (state.message or "")
    assert "Traceback" not in everything(last_run("enrich-list"))


def test_failures_are_passed_to_the_operators_command(
    ready: Mapping[str, str], work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule: one hook reports every failure with list, reason and cure."""
    code = "import sys; open('message.txt', 'w').write(sys.stdin.read())"
    monkeypatch.setenv("ENRICH_ON_FAILURE", shlex.join([sys.executable, "-c", code]))
    enrich_list(source="data/raw/none.md", return_state=True)
    text = (work / "message.txt").read_text()
    assert "none.md does not exist" in text
    assert "run it again" in text
    monkeypatch.setenv("ENRICH_ON_FAILURE", "no-such-command")
    assert enrich_list(source="data/raw/none.md", return_state=True).is_failed()
    assert "The command in ENRICH_ON_FAILURE failed" in everything(last_run("enrich-list"))


class _Inbox(BaseHTTPRequestHandler):
    """A chat's webhook: keeps what is posted."""

    received: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        _Inbox.received.append(json.loads(self.rfile.read(size))["text"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def inbox() -> Iterator[str]:
    """The address of a webhook on loopback."""
    _Inbox.received.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Inbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()


def test_a_notification_block_gets_news_and_failures(
    ready: Mapping[str, str], work: Path, box: Sandbox, inbox: str
) -> None:
    """Rule: the named block gets what changed or failed; one that is missing is a warning."""
    block = CustomWebhookNotificationBlock(
        name="chat", url=inbox, method="POST", json_data={"text": "{{subject}}: {{body}}"}
    )
    block.save("chat", overwrite=True)
    name = f"{CustomWebhookNotificationBlock.get_block_type_slug()}/chat"
    assert enrich_list(source="data/raw/video.md", notify=name, return_state=True).is_completed()
    enrich_list(source="data/raw/none.md", notify=name, return_state=True)
    news, failed = _Inbox.received
    assert "enrich: video" in news and "first snapshot" in news
    assert "none.md does not exist" in failed
    state = enrich_list(source="data/raw/video.md", notify="no/such", return_state=True)
    assert state.is_completed()
    assert "no/such could not be used" in everything(last_run("enrich-list"))
