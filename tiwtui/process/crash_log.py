"""The crash log: tracebacks of bugs in the program, without secrets.

Variables are not written, since they may hold keys. The text of an error may quote a header with a key, so
the values of the environment's keys are blanked.
"""

import traceback
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from tiwtui.i18n import _

_KEYS_BEGIN = "TENCENTCLOUD_"
_BLANK = "…"


def crash_log() -> Path | None:
    """Return the file that crashes are appended to, or `None` where its folder cannot be made."""
    folder = platformdirs.user_log_path("tiwtui")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / "crash.log"


def write_crash(error: BaseException, path: Path | None, environ: Mapping[str, str]) -> str:
    """Append the traceback to the log at `path`; return where it is, or why not, for the user."""
    if path is None:
        return ""
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(without_keys("".join(traceback.format_exception(error)), environ))
    except OSError as refusal:
        return _("The crash log could not be written: {reason}").format(reason=refusal.strerror)
    return _("Details: {path}").format(path=path)


def without_keys(text: str, environ: Mapping[str, str]) -> str:
    """Return a text with every key of the environment blanked."""
    for name, value in environ.items():
        if name.startswith(_KEYS_BEGIN) and value.strip():
            text = text.replace(value.strip(), _BLANK)
    return text
