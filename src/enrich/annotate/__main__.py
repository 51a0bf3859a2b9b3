"""`python -m enrich.annotate`."""

import sys

from enrich.annotate.command import main

if __name__ == "__main__":
    sys.exit(main())
