"""The command line: thin commands; data on standard output, talk on standard error.

Importing this room brings in neither textual nor httpx: `tiwtui --help` and the commands that only read
what is kept start at once.
"""

import sys

from tiwtui.shortage import shortage

try:
    from tiwtui.cli.main import main
except (MemoryError, OSError) as lack:
    if (missing := shortage(lack)) is None or sys.stderr is None:
        raise
    sys.stderr.write(f"Error: {missing}\n")
    sys.exit(2)

__all__ = ["main"]
