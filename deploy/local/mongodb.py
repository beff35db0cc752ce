"""One MongoDB node as a replica set of its own, which transactions and change streams need."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from deploy.local.processes import Failed, Program

if TYPE_CHECKING:
    from pathlib import Path

    from pymongo import MongoClient  # noqa: TID251 (before any service: makes the replica set it needs)

    from deploy.local.settings import Settings

NOT_INITIATED = 94
# The server keeps an open transaction of a killed client, with its locks, for so long (its default is a minute).
ORPHAN_SECONDS = 10
PATIENCE: dict[str, Any] = {"serverSelectionTimeoutMS": 1000, "connectTimeoutMS": 1000, "socketTimeoutMS": 5000}
PACKAGES = {"libcurl": "libcurl4", "libssl": "libssl3", "libcrypto": "libssl3"}


def prepare(settings: Settings) -> Program:
    """Look for what mongod needs of the system and give the program to run."""
    mongod = settings.mongod()
    check_libraries(mongod)
    data = settings.home / "mongodb"
    data.mkdir(parents=True, exist_ok=True)
    named = {
        "--dbpath": str(data),
        "--port": str(settings.mongo_port),
        "--bind_ip": "127.0.0.1",
        "--replSet": "rs0",
        "--oplogSize": "512",
        "--wiredTigerCacheSizeGB": "0.5",
    }
    parameters = ("diagnosticDataCollectionEnabled=false", f"transactionLifetimeLimitSeconds={ORPHAN_SECONDS}")
    words = [word for pair in named.items() for word in pair]
    words += [word for parameter in parameters for word in ("--setParameter", parameter)]
    return Program(
        name="mongodb",
        argv=(str(mongod), "--quiet", "--nounixsocket", *words),
        ready=f"mongod://127.0.0.1:{settings.mongo_port}",
        patience=30,
    )


def check_libraries(mongod: Path) -> None:
    """Fail naming the Debian packages whose libraries mongod does not find."""
    done = subprocess.run(  # noqa: S603 (our own words)
        ("/usr/bin/ldd", str(mongod)), capture_output=True, text=True, check=False
    )
    missing = {line.split()[0] for line in done.stdout.splitlines() if "not found" in line}
    packages = {PACKAGES.get(name.split(".")[0], name) for name in missing}
    if packages:
        raise Failed(
            f"MongoDB: не хватает системных библиотек: {', '.join(sorted(missing))}",
            f"установите пакеты (Debian, Ubuntu): apt-get install {' '.join(sorted(packages))}",
        )


def is_writable(uri: str) -> bool:
    """Say whether a MongoDB that is not ours has a primary."""
    from pymongo import MongoClient  # noqa: TID251 (the operators' tool asks before any service runs)
    from pymongo.errors import PyMongoError  # noqa: TID251 (as above)

    client: MongoClient[dict[str, Any]] = MongoClient(uri, **PATIENCE)
    try:
        return bool(client.admin.command("hello")["isWritablePrimary"])
    except PyMongoError:
        return False
    finally:
        client.close()


def is_primary(host: str) -> bool:
    """Say whether our node is a writable primary; make it one if the replica set is new or has moved."""
    from pymongo import MongoClient  # noqa: TID251 (before any service: makes the replica set it needs)
    from pymongo.errors import PyMongoError  # noqa: TID251 (as above)

    client: MongoClient[dict[str, Any]] = MongoClient(host, directConnection=True, **PATIENCE)
    try:
        if client.admin.command("hello")["isWritablePrimary"]:
            return True
        _elect(client, host)
    except PyMongoError:
        return False
    finally:
        client.close()
    return False


def _elect(client: MongoClient[dict[str, Any]], host: str) -> None:
    """Start the replica set, or rename its one member when the port is another than last time."""
    from pymongo.errors import OperationFailure  # noqa: TID251 (as above)

    members = [{"_id": 0, "host": host}]
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as refused:
        if refused.code != NOT_INITIATED:
            raise
        client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        return
    if config["members"][0]["host"] != host:
        changed = {**config, "version": config["version"] + 1, "members": members}
        client.admin.command("replSetReconfig", changed, force=True)
