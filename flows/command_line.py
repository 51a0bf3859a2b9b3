"""A flow as a command: its parameters, as Prefect describes them, become arguments and options."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import State
from temporary_server import connected


def run_from_command_line(flow: Flow[..., Any], argv: Sequence[str] | None = None) -> int:
    """Run a flow once with the parameters of a command line.

    Args:
        flow: The flow. Its first parameter becomes the command's argument, the others options.
        argv: The arguments; None takes the process's.

    Returns:
        1 when the run failed, else 0. Wrong usage exits with 2, `--help` with 0.
    """
    given = vars(_parser(flow).parse_args(argv))
    parameters = {name: value for name, value in given.items() if value is not None}
    run: Callable[..., State[Any]] = flow
    with connected():
        state = run(**parameters, return_state=True)
    return int(state.is_failed() or state.is_crashed())


def _parser(flow: Flow[..., Any]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=flow.description)
    for place, (name, schema) in enumerate(flow.parameters.properties.items()):
        text = str(schema.get("description", "")).replace("%", "%%")
        default = schema.get("default")
        if place == 0:
            parser.add_argument(name, nargs="?", help=f"{text} Default: {default}.")
        elif schema.get("type") == "boolean":
            parser.add_argument(_flag(name), action="store_true", default=None, help=text)
        else:
            parser.add_argument(_flag(name), metavar="VALUE", help=text)
    return parser


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
