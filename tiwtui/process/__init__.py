"""The process itself: its start, what the system refuses it, its crash."""
