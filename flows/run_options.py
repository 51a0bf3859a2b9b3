"""The parameters that both flows share, declared once: names, types, defaults and descriptions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from enrich.pipeline import ACCEPT_CHANGES
from enrich.settings import Settings, load_settings

S = TypeVar("S")


DESCRIPTIONS = {
    "out": "Folder under which snapshots are published. Empty: data/enriched, or data/sandbox.",
    "sandbox": "Ask embedded stand-in services instead of the real ones.",
    "offline": "Make no request, use only what is already fetched.",
    "refresh": "Ask again for everything, however fresh.",
    "index": "Folder of a local index that is asked first.",
    "accept_changes": "Publish although much has changed since the last snapshot: the cure for a "
    "run that was held back and was right.",
    "notify": "Name of a Prefect notification block, for example slack-webhook/enrich, that gets "
    "what changed or failed.",
}


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What can be chosen for a run of either flow; DESCRIPTIONS says what each means."""

    out: Path | None = None
    sandbox: bool = False
    offline: bool = False
    refresh: bool = False
    index: Path | None = None
    accept_changes: bool = False
    notify: str | None = None

    def settings(self) -> Settings:
        """The settings of the run: these options over environment and files."""
        accepted = dict(ACCEPT_CHANGES) if self.accept_changes else {}
        return load_settings(
            out=self.out,
            sandbox=self.sandbox or None,
            offline=self.offline or None,
            refresh=self.refresh or None,
            index=self.index,
            **accepted,
        )


def with_run_options(body: Callable[..., S]) -> Callable[..., S]:
    """Give a flow's function each option as a parameter of its own.

    Args:
        body: The function; its last parameter, `options`, takes the RunOptions.

    Returns:
        A function with the other parameters of `body` and those of RunOptions, all described in its
        docstring, from which Prefect takes the form for a run.
    """
    own = [p for name, p in inspect.signature(body).parameters.items() if name != "options"]
    types = get_type_hints(RunOptions)
    shared = [
        inspect.Parameter(
            option.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=option.default,
            annotation=types[option.name],
        )
        for option in fields(RunOptions)
    ]
    names = {option.name for option in fields(RunOptions)}

    def run(*args: Any, **given: Any) -> S:
        bound = signature.bind(*args, **given).arguments
        options = RunOptions(**{name: bound.pop(name) for name in names & bound.keys()})
        return body(**bound, options=options)

    own_types = get_type_hints(body)
    signature = inspect.Signature(
        [*(p.replace(annotation=own_types[p.name]) for p in own), *shared],
        return_annotation=own_types["return"],
    )
    lines = [f"{option.name}: {DESCRIPTIONS[option.name]}" for option in fields(RunOptions)]
    run.__name__, run.__module__, run.__qualname__ = body.__name__, body.__module__, body.__name__
    run.__doc__ = inspect.getdoc(body) or ""
    run.__doc__ += "".join(f"\n    {line}" for line in lines)
    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    run.__wrapped__ = body  # type: ignore[attr-defined]
    return run
