"""`python -m imr.local`: what `make run` runs once set-up is done."""

import sys

from imr.local.supervisor import run

if __name__ == "__main__":
    sys.exit(run())
