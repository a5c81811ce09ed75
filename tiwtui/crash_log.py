"""How a mistake of the program itself is written down: for who mends it, without what it held.

Neither variables nor keys are written: variables may hold keys, and the text of an error may quote a header
with one, so that the values of the environment's keys are blanked out.
"""

import traceback
from collections.abc import Mapping
from pathlib import Path

from tiwtui.i18n import _

_KEYS_BEGIN = "TENCENTCLOUD_"
_BLANK = "…"


def write_crash(error: BaseException, path: Path | None, environ: Mapping[str, str]) -> str:
    """Append the traceback to the log at `path`; return where it went, or why not, for a person."""
    if path is None:
        return ""
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(without_keys("".join(traceback.format_exception(error)), environ))
    except OSError as refusal:
        return _("The log could not be written: {reason}").format(reason=refusal.strerror)
    return _("What happened is in {path}").format(path=path)


def without_keys(text: str, environ: Mapping[str, str]) -> str:
    """Return a text with every key of the environment blanked out."""
    for name, value in environ.items():
        if name.startswith(_KEYS_BEGIN) and value.strip():
            text = text.replace(value.strip(), _BLANK)
    return text
