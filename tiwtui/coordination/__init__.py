"""Several processes on one watch list: one sends, the others follow."""
