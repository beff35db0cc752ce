"""`python -m deploy.compose.secrets FOLDER`: passwords, keys and certificates for Compose, made once."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from deploy.local.kafka import certificates, logins, secured
from deploy.local.sessions import signing_key

KEYS = ("session_key", "webhook_key", "keycloak_admin", "client_gis_education", "grafana_admin")
MOUNTED = Path("/run/secrets")
# The folder is its owner's alone; inside of a container a file must be readable by that container's own user.
FOLDER_MODE, FILE_MODE = 0o700, 0o444
KAFKA = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:9093
listeners=SASL_SSL://:9092,CONTROLLER://127.0.0.1:9093
advertised.listeners=SASL_SSL://kafka:9092
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:SSL,SASL_SSL:SASL_SSL
log.dirs=/var/lib/kafka/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.segment.bytes=1048576
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
message.max.bytes=4194304
replica.fetch.max.bytes=4194304
"""


def make(folder: Path) -> list[str]:
    """Make what is missing; the names of all files. What is there stays, so that a second run changes nothing."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    folder.chmod(FOLDER_MODE)
    for name in KEYS:
        _once(folder / name, secrets.token_urlsafe(48))
    _once(folder / "signing_key", signing_key())
    users = logins.make(folder)
    certificates.make(folder)
    properties = secured.properties(folder).replace(str(folder), str(MOUNTED))
    _once(folder / "kafka.properties", KAFKA + properties)
    _once(folder / "kafka.users", "\n".join(secured.format_words(users)))
    for path in folder.iterdir():
        path.chmod(FILE_MODE)
    return sorted(path.name for path in folder.iterdir())


def _once(path: Path, text: str) -> None:
    if not path.exists():
        logins.write_secret(path, text)


if __name__ == "__main__":
    sys.stdout.write("\n".join(make(Path(sys.argv[1]))) + "\n")
