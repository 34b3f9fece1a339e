"""One module per row of the table; its `ROW` says what is done and prepares who takes turns."""
