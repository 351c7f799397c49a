"""Pages to look at and to print: HTML that stands by itself, and the same as PDF."""
