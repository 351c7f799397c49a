"""Books copied out for other programs: hledger, ledger and beancount, spreadsheets (CSV) and data tools (Parquet)."""
