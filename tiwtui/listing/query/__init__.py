"""The filter language: parsing, terms, and searching many tasks."""
