"""Which tasks a person should look at, and why."""
