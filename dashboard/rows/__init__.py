"""The Data page in pieces: what the address asks of the rows, the form for it, the table, the file, the map."""
