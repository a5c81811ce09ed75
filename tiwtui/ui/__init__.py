"""The screen: the only place that imports textual. It reads a `Session` and passes on what the user wants."""
