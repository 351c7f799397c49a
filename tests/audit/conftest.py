"""What the tests of audits may use."""

from tests.commands.conftest import desk

__all__ = ["desk"]
