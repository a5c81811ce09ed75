"""What a list of tasks shows: tabs, order, filter, columns, and the view that keeps them up to date."""
