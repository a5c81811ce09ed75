"""Getting results out: to the clipboard, into files, onto the disk, and to whoever waits for them."""
