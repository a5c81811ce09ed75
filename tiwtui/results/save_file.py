"""Save text to a file: completely or not at all, and over another file only on request."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec

from tiwtui.i18n import _


class Saved(msgspec.Struct, frozen=True):
    """The text is in the file."""

    path: Path


class Exists(msgspec.Struct, frozen=True):
    """A file of that name exists; nothing was written."""

    path: Path


class NotSaved(msgspec.Struct, frozen=True):
    """Nothing was written; `reason` is text for the user."""

    path: Path
    reason: str


def save_text(text: str, path: Path, *, overwrites: bool = False) -> Saved | Exists | NotSaved:
    """Write `text` and a line end as UTF-8; an existing file is replaced only if `overwrites`."""
    data = (text.rstrip("\n") + "\n").encode("utf-8", "replace")
    try:
        path = path.expanduser()
        if path.is_dir():
            return NotSaved(path, _("it is a folder"))
        if not overwrites:
            with path.open("xb") as file:
                file.write(data)
            return Saved(path)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
            part.write(data)
        os.replace(part.name, path)
    except FileExistsError:
        return Exists(path)
    except (OSError, ValueError, RuntimeError) as error:
        return NotSaved(path, getattr(error, "strerror", None) or str(error))
    return Saved(path)
