"""Export of results: clipboard, files, JSON and tables."""
