"""The detail pane and its tabs."""
