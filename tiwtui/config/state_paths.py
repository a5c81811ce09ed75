"""The names of the saved watch lists: one file for each profile, endpoint host and region.

Different profiles, hosts or regions never share a file, even if file names ignore case.
"""

import contextlib
import os
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

_LONGEST_NAME = 160
_LONGEST_START = _LONGEST_NAME - 18
"""How many characters of a longer name come before the digest of the whole name."""


def state_path(directory: Path, profile: str, host: str, region: str) -> Path:
    """Return the file of the watch list of a profile at `host` (with its port) and `region`."""
    name = "@".join((_escaped(profile), _escaped(host.lower()), _escaped(region)))
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_START]}~{sha256(name.encode()).hexdigest()[:16]}"
    return directory / f"{name}.db"


def has_state(directory: Path, profile: str) -> bool:
    """Whether `directory` has a file for a profile, with any host and region."""
    start = f"{_escaped(profile)}@"[:_LONGEST_START]
    # A folder that cannot be read is reported when the file is opened.
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return any(name.startswith(start) and name.endswith(".db") for name in os.listdir(directory))
    return False


def _escaped(text: str) -> str:
    name = quote(text, safe="", errors="surrogatepass").replace("~", "%7E")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    # Where file names ignore case, `School` and `school` are two profiles and must be two files. The
    # hexadecimal digits of an escape do not count as capitals.
    parts = name.split("%")
    return "%".join([_lowered(parts[0]), *(part[:2] + _lowered(part[2:]) for part in parts[1:])])


def _lowered(text: str) -> str:
    return "".join(f"%{ord(letter):02X}" if letter.isupper() else letter for letter in text)
