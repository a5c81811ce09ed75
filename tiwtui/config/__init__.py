"""The configuration file: its values, how they are read and checked, and their line numbers."""
