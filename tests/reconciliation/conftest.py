"""What the tests of reconciliation may use: the desk of the command line."""

from __future__ import annotations

from tests.commands.conftest import desk

__all__ = ["desk"]
