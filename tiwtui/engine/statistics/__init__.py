"""What is counted of the checks, for the header and the diagnostics."""
