"""`python -m enrich.doctor`: as `enrich doctor`."""

import sys

from enrich.cli.doctor import main

if __name__ == "__main__":
    sys.exit(main())
