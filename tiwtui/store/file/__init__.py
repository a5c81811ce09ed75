"""The database as a file: opened, damaged, lost, replaced, backed up."""
