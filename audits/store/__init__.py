"""The store: measurements by row, and the list of runs."""
