"""What makes the embedded Kafka secured: users with SCRAM, TLS on every way, rights that must be granted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from deploy.local.kafka import logins
from deploy.local.kafka.logins import MECHANISM
from deploy.local.passwords import BROKER, OPERATOR, authority, keystore, secured_mark
from deploy.local.processes import Failed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from deploy.local.settings import Settings

LISTENER = "SASL_SSL"


def prepare(settings: Settings) -> None:
    """Make passwords and certificates; Failed where this Kafka was begun without."""
    from deploy.local.kafka import certificates

    home, mark = settings.home / "kafka", secured_mark(settings.home)
    if (home / "data" / "meta.properties").exists() and not mark.exists():
        raise Failed(
            f"Kafka в {home} размечена без входа по паролю", "укажите другую папку в RSOKO_HOME или удалите эту"
        )
    logins.make(settings.logins)
    certificates.make(settings.logins)
    mark.touch()


def properties(folder: Path) -> str:
    """The broker's properties beyond those of a Kafka without: they hold its own password.

    People and services come by SCRAM over TLS. The controller's listener takes only who shows the broker's certificate.
    """
    login = logins.Login.kept(folder, BROKER)
    module = "org.apache.kafka.common.security.scram.ScramLoginModule"
    jaas = f'{module} required username="{login.user}" password="{login.password}";'
    return f"""\
inter.broker.listener.name={LISTENER}
sasl.enabled.mechanisms={MECHANISM}
sasl.mechanism.inter.broker.protocol={MECHANISM}
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={jaas}
listener.name.controller.ssl.client.auth=required
ssl.principal.mapping.rules=RULE:^CN=([^,]+)$/$1/
ssl.keystore.type=PEM
ssl.keystore.location={keystore(folder)}
ssl.truststore.type=PEM
ssl.truststore.location={authority(folder)}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:{BROKER};User:{OPERATOR}
"""


def format_words(users: Iterable[logins.Login]) -> Iterator[str]:
    """What `StorageTool format` is told of the users."""
    for one in users:
        yield from ("--add-scram", f"{MECHANISM}=[name={one.user},password={one.password}]")


@contextmanager
def told_users(folder: Path) -> Iterator[tuple[str, ...]]:
    """The users as the format of the storage is told them: by a file, for a command line is everybody's to read."""
    path = folder / "format.args"
    logins.write_secret(path, "\n".join(format_words(logins.make(folder))))
    try:
        yield (f"@{path}",)
    finally:
        path.unlink()
