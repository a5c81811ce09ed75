"""The engine: which task is asked next, and what an answer changes. Pure but for the poller."""
