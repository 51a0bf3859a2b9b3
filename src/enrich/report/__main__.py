"""`python -m enrich.report`."""

import sys

from enrich.report.command import main

if __name__ == "__main__":
    sys.exit(main())
