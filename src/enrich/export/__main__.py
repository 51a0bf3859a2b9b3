"""`python -m enrich.export`."""

import sys

from enrich.export.command import main

if __name__ == "__main__":
    sys.exit(main())
