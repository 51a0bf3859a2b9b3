"""`python -m enrich.sandbox`: serve the stand-in of both services until interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m enrich.sandbox",
        description="A stand-in of arXiv and Semantic Scholar on this machine, to try runs and "
        "flows without spending the real services' patience.",
        epilog="Faults are written [SERVICE[/ENDPOINT]:]KIND[=VALUE][@WHEN]: s2:429@30%, "
        "arxiv:503@first3, s2/batch:drop@5-9, slow=2. --list names the kinds and deviations.",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)"
    )
    parser.add_argument(
        "--scale",
        type=float,
        default=1.0,
        help="divide the services' intervals by this (default 1)",
    )
    parser.add_argument("--no-limits", action="store_true", help="answer however fast it is asked")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="SPEC", help="fail so; may be repeated"
    )
    parser.add_argument(
        "--deviate", action="append", default=[], metavar="NAME", help="break one assumption"
    )
    parser.add_argument("--seed", type=int, default=0, help="for faults that strike by chance")
    parser.add_argument(
        "--catalogue", type=Path, metavar="FILE", help="papers to serve: .parquet or .jsonl"
    )
    parser.add_argument("--list", action="store_true", help="name faults and deviations and stop")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; 2 when an option cannot be used."""
    parser = _parser()
    options = parser.parse_args(arguments)
    from enrich.sandbox.deviations import described
    from enrich.sandbox.faults import KINDS

    if options.list:
        for kind, what in KINDS.items():
            print(f"--fault {kind:14} {what}")  # noqa: T201
        for name, what in described().items():
            print(f"--deviate {name:22} {what}")  # noqa: T201
        return 0
    from enrich.sandbox.server import Sandbox

    try:
        box = Sandbox(
            options.port,
            scale=options.scale,
            limits=not options.no_limits,
            faults=options.fault,
            deviations=options.deviate,
            catalogue=options.catalogue,
            seed=options.seed,
        )
    except (ValueError, OSError, OverflowError) as error:
        told = str(error)
        if isinstance(error, OSError) and error.filename is None:
            told = f"port {options.port} of 127.0.0.1 cannot be served: {error.strerror}"
        print(f"{parser.prog}: {told}", file=sys.stderr)  # noqa: T201
        return 2
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with box:
        print(f"export ENRICH_ARXIV_URL={box.arxiv_url}")  # noqa: T201
        print(f"export ENRICH_S2_URL={box.s2_url}", flush=True)  # noqa: T201
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
