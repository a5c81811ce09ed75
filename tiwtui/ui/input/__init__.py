"""What comes from the person and the terminal: pastes, activity, signals."""
