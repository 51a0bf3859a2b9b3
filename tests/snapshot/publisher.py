"""Publishing in a process of its own, which may be killed, starved or made a stranger.

Processes come from a fork server that has not used Arrow: its threads do not survive a fork.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from enrich.errors import EnrichError
from enrich.records import ListRun
from enrich.snapshot.publishing import publish

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["enrich.snapshot"])

NOBODY = 65534


@dataclass
class HandClock:
    """Time that moves only when told."""

    time: datetime

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Fate:
    """What happens to the process: killed before its n-th change to the disk, starved, demoted."""

    dies_before_change: int | None = None
    largest_file: int | None = None
    stranger: bool = False
    times: int = 1


@dataclass(frozen=True)
class Child:
    """A process that publishes, and the line on which it tells what went wrong."""

    process: BaseProcess
    line: Connection


def start(run: ListRun, out: Path, now: datetime, fate: Fate) -> Child:
    """Start publishing."""
    here, there = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=_work, args=(run, out, now, fate, there))
    process.start()
    there.close()
    return Child(process, here)


def finish(child: Child) -> int | str:
    """The exit code, negative for a signal; the message of an EnrichError."""
    child.process.join(60)
    code = child.process.exitcode
    assert code is not None, "still publishing after a minute"
    with child.line as line:
        return str(line.recv()) if code == 9 else code


def _work(run: ListRun, out: Path, now: datetime, fate: Fate, line: Connection) -> None:
    if fate.dies_before_change is not None:
        _die_before_change(fate.dies_before_change, out)
    if fate.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (fate.largest_file, fate.largest_file))
    if fate.stranger and os.geteuid() == 0:
        os.setuid(NOBODY)  # the superuser writes everywhere
    try:
        for _ in range(fate.times):
            publish(run, out, clock=HandClock(now))
    except EnrichError as error:
        line.send(str(error))
        sys.exit(9)


def _die_before_change(moment: int, root: Path) -> None:
    seen = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event == "open":
            flags = arguments[2]
            changes = isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
        else:
            changes = event in ("os.rename", "os.mkdir", "os.symlink", "os.remove", "os.chmod")
        if not changes or not any(str(root) in str(argument) for argument in arguments):
            return
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1

    sys.addaudithook(hook)
