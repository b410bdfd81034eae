"""pytest as the lanes run it: `python -m tests.session [pytest …]`, a third quicker than without."""

import sys

import pytest

from firstline.base.frames import in_one_piece

if __name__ == "__main__":
    sys.exit(in_one_piece(pytest.main)())
