"""What auditors ask of the events themselves: the log and its tests, one event in full, where a figure comes from."""
