"""Published cases: real pooled budgets, from what was printed of them."""
