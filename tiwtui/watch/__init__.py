"""The watching: when to ask about which task, what an answer changes, and where that is kept."""
