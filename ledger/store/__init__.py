"""The store: event bytes, the Merkle log over them, and the databases that keep both."""
