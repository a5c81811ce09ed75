"""The keys in use: what signs, what a person may see of it, and reading them anew once they are refused."""

from tiwtui.api.credentials import Credentials, CredentialSource, NoCredentials
from tiwtui.i18n import _


class KeyRing:
    """The keys in use, read anew from their source when the service refuses them."""

    def __init__(self, source: CredentialSource) -> None:
        self._source = source
        self.found = source.load()

    def current(self) -> Credentials:
        """Return the keys to sign with; nothing is signed while there are none."""
        if isinstance(self.found, NoCredentials):
            raise LookupError("no credentials")
        return self.found

    @property
    def shown(self) -> str:
        """The key in use as a person may see it, and where it was found."""
        if isinstance(self.found, NoCredentials):
            return ""
        return _("{key} from {source}").format(key=self.found.secret_id.masked, source=self.found.source)

    def read_again(self) -> bool:
        """Read the source anew; return whether it now has other keys than before."""
        before = self.found
        found = self._source.load()
        if isinstance(found, NoCredentials) and isinstance(before, Credentials):
            # A file that is being replaced is missing for a moment: the keys in use stay.
            return False
        self.found = found
        return isinstance(found, Credentials) and found != before
