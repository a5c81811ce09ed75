"""What the tabs of the detail pane say of one task, set as lines of words. Pure: no widget in sight."""
