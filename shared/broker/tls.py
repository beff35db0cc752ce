"""TLS to Kafka by the certificate authority in a file, as the file is now: a renewed one is taken without a restart."""

import contextlib
import ssl
from pathlib import Path
from typing import Any

Stamp = tuple[int, int, int]


class Renewed(ssl.SSLContext):
    """A client's context that makes each connection by the authority that its file holds just then.

    A client of Kafka keeps one context for as long as its process lives, and the authority is renewed in its file long
    before the old one ends: whoever never read it again would not come back from the next lost connection.
    """

    _path: Path
    _held: tuple[Stamp, ssl.SSLContext] | None = None

    def wrap_bio(self, *given: Any, **options: Any) -> ssl.SSLObject:
        """A connection that trusts whom the file names; while it cannot be read, whom it named before."""
        # A file that is being written is taken with the next connection.
        with contextlib.suppress(OSError, ssl.SSLError):
            self.read()
        assert self._held is not None, "read when it was made"
        return self._held[1].wrap_bio(*given, **options)

    def read(self) -> None:
        """Take what the file holds; OSError or SSLError where it is not there or holds no certificate."""
        found = self._path.stat()
        stamp = (found.st_mtime_ns, found.st_ino, found.st_size)
        if self._held is None or stamp != self._held[0]:
            # Anew, not beside the old one: two authorities of one name hide one another.
            self._held = stamp, ssl.create_default_context(cafile=self._path)


def by_authority(path: Path) -> ssl.SSLContext:
    """A context that trusts whom this file names, now and later, and checks the name of the host."""
    context = Renewed(ssl.PROTOCOL_TLS_CLIENT)
    context._path = path  # noqa: SLF001 - ours; `ssl.SSLContext` is made by its protocol alone
    context.read()
    return context
