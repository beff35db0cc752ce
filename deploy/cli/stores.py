"""Commands that work on MongoDB itself: quiet logs on stderr, and a clear error where MongoDB is away."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deploy.local import Failed, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def commanded(command: str) -> Iterator[None]:
    """What is changed meanwhile is kept in the journal as this command's, under the account of the machine."""
    from shared.acting import COMMAND, Acting, acting

    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # in a container nobody may have given the number a name
        account = "operator"
    with acting(Acting(COMMAND, account, command)):
        yield


@contextmanager
def reached(service: str) -> Iterator[None]:
    """Failed, saying what to do, where MongoDB does not answer or something is refused; stdout has only the answer."""
    from shared.kernel import Refused, Unavailable
    from shared.settings import SettingsWrong
    from shared.telemetry import configure_logs

    configure_logs(service=service, instance=f"{service}-cli", level="warning")
    try:
        yield
    except Refused as no:
        raise Failed(no.title, no.detail) from no
    except SettingsWrong as wrong:
        raise Failed(str(wrong)) from wrong
    except Unavailable as away:
        address = Settings.from_env().mongo_uri.rpartition("@")[2]
        raise Failed(
            f"MongoDB не отвечает ({address})", "запустите платформу (./rsoko up) или проверьте RSOKO_MONGO"
        ) from away
