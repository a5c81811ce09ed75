"""Text that a person pastes or pipes in, read as tasks."""
