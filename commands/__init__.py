"""The command line: parse, ask, say. No rule lives here."""
