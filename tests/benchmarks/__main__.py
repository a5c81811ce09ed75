"""Runs every benchmark in turn, each in a process of its own: `python -m tests.benchmarks [NAME]…`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(wanted: list[str]) -> int:
    """Run the named benchmarks, or all; return 1 if one of them failed."""
    names = sorted(path.stem for path in HERE.glob("bench_*.py"))
    if unknown := sorted(set(wanted) - set(names)):
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(names)}", file=sys.stderr)
        return 2
    failed = False
    for name in wanted or names:
        print(f"== {name}", flush=True)
        failed |= (
            subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False).returncode != 0
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
