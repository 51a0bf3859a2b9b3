"""`enrich doctor`: check what the design assumes about services, store, output folder and index.

Sends about twenty small requests within the services' rate limits.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import AsJson, flag, option

if TYPE_CHECKING:
    from enrich.cli.console import Console
    from enrich.lookup import Check
    from enrich.settings import Settings

app = new_app()

EPILOG = (
    "Exit codes: 0 everything holds; 1 something does not, the table says what a run does instead; "
    "2 usage; 3 a service could not be asked."
)
_WORDS = {
    "holds": "holds",
    "broken": "DOES NOT HOLD",
    "unasked": "could not be asked",
    "advice": "not set",
}


@app.command(epilog=EPILOG)
def doctor(
    sandbox: Annotated[bool, flag("--sandbox", "Check against the built-in sandbox.")] = False,
    out: Annotated[Path | None, option("The output folder to check.", "DIR")] = None,
    as_json: AsJson = False,
) -> None:
    """Check the services, the store, the output folder and the index; say what holds."""
    from enrich.cli.console import Console
    from enrich.settings import load_settings

    settings = load_settings(out=out, sandbox=sandbox or None)
    with Console(as_json=as_json) as console:
        checks = [*_local(settings), *_services(settings, console)]
        _print_checks(checks, settings, console)
    states = {check.state for check in checks}
    raise typer.Exit(1 if "broken" in states else 3 if "unasked" in states else 0)


main = entry_point(app, "python -m enrich.doctor")


def _services(settings: Settings, console: Console) -> list[Check]:
    from enrich.clock import SystemClock
    from enrich.errors import StoreError, UsageError
    from enrich.lookup import Check
    from enrich.pipeline import open_services

    # The index is checked by itself; opening it here would end the other checks.
    bare = settings.model_copy(update={"index": None})
    try:
        with open_services(bare, SystemClock(), console) as (pointed, lookup):
            store = Check("here", f"the store {pointed.store} opens", "holds", "as expected")
            return [store, *lookup.check_services()]
    except UsageError:
        return []  # the output folder cannot be used: `_local` reports that
    except StoreError as error:
        name = f"the store {settings.store} opens"
        return [Check("here", name, "broken", str(error), "nothing: a run stops at once")]


def _local(settings: Settings) -> list[Check]:
    from enrich.index import Index
    from enrich.snapshot.publishing import claim_root

    checks = [
        _check(
            f"the output folder {settings.out} can be written",
            lambda: claim_root(settings.out, settings.mode),
            "nothing: a run stops before it asks anything",
        )
    ]
    if settings.index is not None:
        where = settings.index
        checks.append(
            _check(
                f"the index {where} opens",
                lambda: Index.open(where),
                "nothing: a run stops at once; unset ENRICH_INDEX to run without an index",
            )
        )
    if settings.realm == "live":
        checks.append(
            _is_set(
                settings.contact is not None,
                "ENRICH_CONTACT is set, so that the services can reach you",
                "requests say 'no contact given', which arXiv may refuse sooner",
            )
        )
        checks.append(
            _is_set(
                settings.s2_api_key is not None,
                "S2_API_KEY is set",
                f"Semantic Scholar is asked every {settings.s2_interval:g} s from the shared pool",
            )
        )
    return checks


def _check(name: str, attempt: Callable[[], object], instead: str) -> Check:
    from enrich.errors import EnrichError
    from enrich.lookup import Check

    try:
        attempt()
    except EnrichError as error:
        return Check("here", name, "broken", str(error), instead)
    return Check("here", name, "holds", "as expected")


def _is_set(value: bool, name: str, instead: str) -> Check:
    from enrich.lookup import Check

    if value:
        return Check("here", name, "holds", "as expected")
    return Check("here", name, "advice", "it is not set", instead)


def _print_checks(checks: list[Check], settings: Settings, console: Console) -> None:
    if console.as_json:
        rows = [
            {
                "part": c.part,
                "assumption": c.name,
                "state": c.state,
                "seen": c.seen,
                "instead": c.instead or None,
            }
            for c in checks
        ]
        console.json({"realm": settings.realm, "checks": rows})
        return
    names = {"semantic_scholar": "Semantic Scholar", "arxiv": "arXiv", "here": "here"}
    console.table(
        "What the design assumes",
        ["where", "assumption", "state", "seen", "a run does instead"],
        [[names[c.part], c.name, _WORDS[c.state], c.seen, c.instead] for c in checks],
    )
