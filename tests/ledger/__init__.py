"""Tests of the truth: facts in, books out."""
