"""`python -m enrich.lint`."""

import sys

from enrich.lint.command import main

if __name__ == "__main__":
    sys.exit(main())
