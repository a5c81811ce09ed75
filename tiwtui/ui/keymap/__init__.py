"""Key bindings and the command palette."""
