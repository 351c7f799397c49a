"""Exports: other programs load them, check them strictly, and come to the same balances."""
