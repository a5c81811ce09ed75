"""Where a crash is written down: tracebacks without variables, since those may hold keys."""

from pathlib import Path


def crash_log() -> Path | None:
    """Return the file that a crash is appended to, or `None` where there is no place for one."""
    import platformdirs

    folder = platformdirs.user_log_path("tiwtui")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / "crash.log"
