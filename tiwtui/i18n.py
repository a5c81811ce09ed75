"""The language of all text that is shown: English from the code, or a catalog.

A catalog is a compiled gettext file, `locales/<language>/LC_MESSAGES/tiwtui.mo` in this package; the
environment says which (LANGUAGE, LC_ALL, LC_MESSAGES, LANG).
"""

import gettext
from pathlib import Path

_catalog = gettext.translation("tiwtui", Path(__file__).with_name("locales"), fallback=True)
_ = _catalog.gettext
ngettext = _catalog.ngettext


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogs and return it in English: it is saved or goes into JSON."""
    return text
