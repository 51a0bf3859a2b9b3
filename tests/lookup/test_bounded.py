"""However a service answers, or does not, a run ends: the timeout of each test is its bound."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from enrich.clock import SystemClock
from enrich.errors import Unreachable, UsageError
from enrich.lookup import open_lookup
from enrich.records import Entry, Findings
from enrich.sandbox import Sandbox
from enrich.settings import load_settings

from .conftest import Bench, Recorder, statuses
from .test_judgement import nothing_wrong

# Real exchanges that are slow, stall or end in part: two minutes of them.
pytestmark = pytest.mark.slow

ENDLESS = ["drip=0.2", "drip-headers=0.2", "continue=0.01", "endless=0.01"]


@pytest.fixture
def hurried(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench in real time whose exchanges may take half a second once patience is used up."""
    monkeypatch.setattr("enrich.services.patience.MIN_EXCHANGE_SECONDS", 0.5)
    bench.clock = SystemClock()  # type: ignore[assignment]
    bench.given = {"arxiv_interval": 0.01, "s2_interval": 0.01}
    return bench


@pytest.mark.timeout(30)
@pytest.mark.parametrize("service", ["s2", "arxiv"])
@pytest.mark.parametrize("fault", ENDLESS)
def test_an_endless_answer(hurried: Bench, undisturbed: Findings, service: str, fault: str) -> None:
    """A byte at a time in body or headers, endless 1xx, an endless chunk: given up in time."""
    hurried.box.set_faults([f"{service}:{fault}"])
    found = hurried.run(patience=1)
    nothing_wrong(found, undisturbed)
    assert found.unasked


@pytest.mark.timeout(30)
@pytest.mark.parametrize("service", ["s2", "arxiv"])
@pytest.mark.parametrize(
    "fault",
    ["nested=100000", "location=http://[::1/x", "location=http://127.0.0.1:notaport/", "loop",
     "garbage", "long-header", "many-headers", "gzip-bomb=30", "gzip-broken", "bad-utf8"],
)  # fmt: skip
def test_hostile_answers(hurried: Bench, undisturbed: Findings, service: str, fault: str) -> None:
    """What no parser can read is one sentence and entries that are pending."""
    hurried.box.set_faults([f"{service}:{fault}"])
    found = hurried.run(patience=5)
    nothing_wrong(found, undisturbed)
    assert found.unasked
    assert hurried.reports.warnings
    assert all("Traceback" not in w and w.endswith(".") for w in hurried.reports.warnings)


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.timeout(30)
@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
def test_nothing_can_be_reached(tmp_path: Path, entries: tuple[Entry, ...], host: str) -> None:
    """A first run without any service ends soon, names the addresses and has no findings."""
    url = f"http://{host}:{closed_port()}"
    settings = load_settings(
        arxiv_url=f"{url}/api", s2_url=f"{url}/graph", store=tmp_path / "s", sandbox=True
    )
    with (
        open_lookup(settings, SystemClock(), Recorder()) as lookup,
        pytest.raises(Unreachable, match=r"arXiv \(.*/api\).*Semantic Scholar \(.*/graph\)") as e,
    ):
        lookup.resolve(entries, {})
    assert e.value.exit_code == 3


@pytest.mark.timeout(60)
def test_one_service_cannot_be_reached(bench: Bench, undisturbed: Findings) -> None:
    """The other one is asked all the same, and what is held already is used."""
    bench.given = {"s2_url": f"http://127.0.0.1:{closed_port()}"}
    found = bench.run()
    nothing_wrong(found, undisturbed)
    assert "resolved" in {status for status, _ in statuses(found).values()}
    assert any("refuses the connection" in w for w in bench.reports.warnings)


@pytest.mark.parametrize(
    "url", ["http://a:notaport/", "http://[::1", "http://a..b/", "ftp://x/", "http://", "nonsense"]
)
@pytest.mark.parametrize("name", ["s2_url", "arxiv_url"])
def test_an_address_that_is_none(name: str, url: str) -> None:
    """A wrong address in the settings is an error of usage that names the setting."""
    with pytest.raises(UsageError, match=f"ENRICH_{name.upper()}"):
        load_settings(**{name: url})


@pytest.mark.timeout(60)
def test_a_slow_run_does_not_block_another(
    tmp_path: Path, entries: tuple[Entry, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting for the lock of a run that hangs uses up the patience of the one that waits."""
    monkeypatch.setattr("enrich.services.rate_limit.MIN_LOCK_SECONDS", 0.2)
    with Sandbox(limits=False) as box:
        bench = Bench(box, tmp_path, entries)
        bench.clock = SystemClock()  # type: ignore[assignment]
        settings = bench.settings(patience=1)
        with (
            open_lookup(settings, bench.clock, Recorder()) as one,
            one._sources.s2.connection.exclusive(),
        ):
            found = bench.run(patience=1)
        assert found.unasked
