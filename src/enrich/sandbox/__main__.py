"""`python -m enrich.sandbox`: as `enrich sandbox`."""

import sys

from enrich.cli.sandbox import main

if __name__ == "__main__":
    sys.exit(main())
