"""`python -m enrich COMMAND`: as `enrich COMMAND`."""

import sys

from enrich.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
