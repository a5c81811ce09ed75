"""The store: what is saved on disk, in one SQLite file."""
