"""The command line: data on standard output, messages on standard error.

This package imports no command, and neither textual nor httpx: `tiwtui --help` and the commands that only
read the saved list start at once.
"""

import sys

from tiwtui.process.resource_shortage import shortage

try:
    from tiwtui.cli.main import main
except (MemoryError, OSError) as error:
    if (missing := shortage(error)) is None or sys.stderr is None:
        raise
    sys.stderr.write(f"Error: {missing}\n")
    sys.exit(2)

__all__ = ["main"]
