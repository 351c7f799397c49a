"""Audit: what the stored bytes prove by themselves, and what somebody outside can keep and check."""
