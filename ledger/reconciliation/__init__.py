"""Agreement of balances: a party's own ledger extract held against its mirror here, each difference named by its cause."""
