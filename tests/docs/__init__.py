"""The documentation, proved: every example runs, every table and link holds."""
