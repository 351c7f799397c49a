"""A year of an arrangement as a workbook that an accountant can follow: every total is a formula over what it is made of."""
