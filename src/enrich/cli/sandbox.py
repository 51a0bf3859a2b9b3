"""`enrich sandbox`: serve stand-ins for both services until interrupted."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import flag, option

app = new_app()

EPILOG = """\b
Faults are written [SERVICE[/ENDPOINT]:]KIND[=VALUE][@WHEN]:
  --fault s2:429@30%          --fault arxiv:503@first3
  --fault s2/batch:drop@5-9   --fault slow=2
"""


@app.command(epilog=EPILOG)
def sandbox(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1 [default: a free one].")] = 0,
    scale: Annotated[float, typer.Option(help="Divide the services' intervals by this.")] = 1.0,
    no_limits: Annotated[bool, flag("--no-limits", "Do not enforce rate limits.")] = False,
    fault: Annotated[list[str] | None, option("Add a fault; may be repeated.", "SPEC")] = None,
    deviate: Annotated[list[str] | None, option("Break one assumption.", "NAME")] = None,
    seed: Annotated[int, typer.Option(help="Seed of faults with a probability.")] = 0,
    catalogue: Annotated[
        Path | None, option("Papers to serve: .parquet or .jsonl.", "FILE")
    ] = None,
    day: Annotated[
        int, typer.Option(min=0, help="Days after today: counts have grown, other papers are new.")
    ] = 0,
    kinds: Annotated[bool, flag("--list", "List the faults and deviations, and exit.")] = False,
) -> None:
    """Serve a stand-in for arXiv and Semantic Scholar on this machine.

    Try runs and flows against it without sending requests to the real services.
    """
    from enrich.errors import UsageError
    from enrich.outputs.files import is_file

    if kinds:
        _print_kinds()
        return
    from enrich.sandbox.server import Sandbox

    try:
        box = Sandbox(
            port,
            scale=scale,
            limits=not no_limits,
            faults=fault or (),
            deviations=deviate or (),
            catalogue=catalogue,
            seed=seed,
            day=day,
        )
    except (ValueError, OSError, OverflowError) as error:
        message = str(error)
        if isinstance(error, OverflowError):
            message = f"port {port} cannot be served: a port is a number from 0 to 65535"
        elif isinstance(error, OSError) and catalogue is not None and not is_file(catalogue):
            message = f"{catalogue} does not exist: name a file of papers with --catalogue"
        elif isinstance(error, OSError) and error.filename is None:
            message = f"port {port} of 127.0.0.1 cannot be served: {error.strerror}"
        raise UsageError(message) from None
    # Ctrl-C ends the sandbox in the regular way, so that its connections are closed.
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with box:
        Console().result(f"export ENRICH_ARXIV_URL={box.arxiv_url}")
        Console().result(f"export ENRICH_S2_URL={box.s2_url}")
        stop.wait()


def _print_kinds() -> None:
    from enrich.sandbox.deviations import described
    from enrich.sandbox.faults import KINDS

    for name, kind in KINDS.items():
        Console().result(f"--fault {name:14} {kind.what}")
    for name, what in described().items():
        Console().result(f"--deviate {name:22} {what}")


main = entry_point(app, "python -m enrich.sandbox")
