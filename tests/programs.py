"""Programs that not every machine has: a test that needs one is skipped without it, but never where all must be tested."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest

EVERYTHING = "POOLBOOK_TEST_EVERYTHING"
"""Set by .ci/run, which installs every program."""


def needed(program: str, get: str, *, always: bool = True) -> None:
    """Skip the test where a program (or a Python package) is missing, saying how to get it; fail where all must be tested.

    Without `always` it is skipped even there: the program is too large to be fetched for every run.
    """
    beside_python = which(program, path=str(Path(sys.executable).parent))
    if beside_python or which(program) or find_spec(program):
        return
    missing = f"{program} is not installed: {get}"
    if always and os.environ.get(EVERYTHING):
        pytest.fail(missing)
    pytest.skip(missing)
