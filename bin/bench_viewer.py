"""`python bin/bench_viewer.py`: the viewer on a record of 1,000 pages, in a browser, with the figures printed.

First page, jumps, search, memory of the page. The suite leaves the test out; it asserts nothing about time.
"""

import os
import sys
from pathlib import Path

import pytest

TEST = Path(__file__).parent.parent / "tests" / "browser" / "test_viewer_figures.py"

if __name__ == "__main__":
    os.environ["IMR_BENCH_VIEWER"] = "1"
    sys.exit(pytest.main([str(TEST), "-q", "--show-capture=no", *sys.argv[1:]]))
