"""Write a crash of the program to a log, without secrets.

Variables are not written, because they may hold keys. The text of an error may quote a header with a key, so
the values of the keys in the environment are blanked.
"""

import traceback
from collections.abc import Mapping
from pathlib import Path

from tiwtui.i18n import _

_KEYS_BEGIN = "TENCENTCLOUD_"
_BLANK = "…"


def write_crash(error: BaseException, path: Path | None, environ: Mapping[str, str]) -> str:
    """Append the traceback to the log at `path`; return a message that says where it is, or why not."""
    if path is None:
        return ""
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(without_keys("".join(traceback.format_exception(error)), environ))
    except OSError as refusal:
        return _("The log could not be written: {reason}").format(reason=refusal.strerror)
    return _("What happened is in {path}").format(path=path)


def without_keys(text: str, environ: Mapping[str, str]) -> str:
    """Return a text with every key of the environment blanked."""
    for name, value in environ.items():
        if name.startswith(_KEYS_BEGIN) and value.strip():
            text = text.replace(value.strip(), _BLANK)
    return text
