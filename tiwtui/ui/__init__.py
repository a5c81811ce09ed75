"""The screen: the only place that imports textual. It reads a `Session` and tells it what the user wants."""
