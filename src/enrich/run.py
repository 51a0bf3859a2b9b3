"""`python -m enrich.run [LIST ...]`: as `enrich run`."""

import sys

from enrich.cli.run import main

if __name__ == "__main__":
    sys.exit(main())
