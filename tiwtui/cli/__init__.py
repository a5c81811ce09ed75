"""The command line: thin commands; data on standard output, talk on standard error.

Importing this room brings in neither textual nor httpx: `tiwtui --help` and the commands that only read
what is kept start at once.
"""

from tiwtui.cli.main import main

__all__ = ["main"]
