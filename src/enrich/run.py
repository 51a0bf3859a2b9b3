"""The command `python -m enrich.run [LIST ...]`; when imported, callable like `enrich.run()`."""

import sys
from types import ModuleType
from typing import Any


def main(argv: list[str] | None = None) -> int:
    """Run the command with `argv` (default: the process's); returns the exit code."""
    from enrich.cli.run import main

    return main(argv)


class _CallableModule(ModuleType):
    """Importing this module puts it in the place of the function `enrich.run`: it acts as both."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        from enrich.api import run

        return run(*args, **options)


if __name__ == "__main__":
    sys.exit(main())
sys.modules[__name__].__class__ = _CallableModule
