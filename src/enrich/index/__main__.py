"""`python -m enrich.index build|update|info`."""

import sys

from enrich.cli.index import main

if __name__ == "__main__":
    sys.exit(main())
