"""Publish in a separate process that is killed, out of disk space or without permission.

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
PROCESSES.set_forkserver_preload(["enrich.snapshot.publishing"])

NOBODY = 65534


@dataclass
class ManualClock:
    """A clock that moves only by `sleep`."""

    time: datetime

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Faults:
    """Killed before its n-th change to the disk, limited file size, run as another user."""

    dies_before_change: int | None = None
    largest_file: int | None = None
    other_user: bool = False
    times: int = 1


@dataclass(frozen=True)
class Child:
    """A process that publishes, and the pipe for its error message."""

    process: BaseProcess
    pipe: Connection


def start(run: ListRun, out: Path, now: datetime, faults: Faults) -> Child:
    """Start publishing."""
    here, there = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=_work, args=(run, out, now, faults, there))
    process.start()
    there.close()
    return Child(process, here)


def finish(child: Child) -> int | str:
    """The exit code, negative for a signal; the message of an EnrichError."""
    child.process.join(60)
    code = child.process.exitcode
    assert code is not None, "still publishing after a minute"
    with child.pipe as pipe:
        return str(pipe.recv()) if code == 9 else code


def _work(run: ListRun, out: Path, now: datetime, faults: Faults, pipe: Connection) -> None:
    if faults.dies_before_change is not None:
        _die_before_change(faults.dies_before_change, out)
    if faults.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (faults.largest_file, faults.largest_file))
    if faults.other_user and os.geteuid() == 0:
        os.setuid(NOBODY)  # the superuser writes everywhere
    try:
        for _ in range(faults.times):
            publish(run, out, clock=ManualClock(now))
    except EnrichError as error:
        pipe.send(str(error))
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
