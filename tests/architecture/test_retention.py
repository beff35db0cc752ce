"""How long a thing is kept, as docs/security.md has it: every collection and topic, and the days of the code."""

import importlib
import re

import yaml

from deploy.local import STORED
from shared.mongo import Schema
from shared.mongo.schema import PLATFORM
from tests.architecture.tree import ROOT

DAY = 86_400
TABLE = "say for how long, in docs/security.md, How long it is kept"
ROW = re.compile(r"^\| [^|]+ \| ([^|]+) \| ([^|]+) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def told() -> dict[str, list[str]]:
    """What the table says of how long each collection or topic is kept."""
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    table = page.partition("## How long it is kept")[2].partition("\n## ")[0]
    found: dict[str, list[str]] = {}
    for places, long in ROW.findall(table):
        for one in re.findall(r"`([a-z0-9_.]+)`", places):
            found.setdefault(one, []).append(long)
    return found


def schemas() -> list[Schema]:
    stores = [importlib.import_module(f"services.{service}.store") for service in STORED]
    return [*PLATFORM, *(schema for store in stores for schema in store.SCHEMAS)]


def test_every_collection_and_every_topic_that_has_its_own_time_is_in_the_table():
    topics = yaml.safe_load((ROOT / "deploy" / "topics.yaml").read_text("utf-8"))["topics"]
    special = {name for name, one in topics.items() if one.keys() & {"retention_days", "cleanup_policy"}}
    assert told().keys() == {one.collection for one in schemas()} | special, TABLE


def test_what_expires_does_so_after_the_days_of_the_table():
    seconds = [(one.collection, index.expire_after) for one in schemas() for index in one.indexes if index.expire_after]
    wrong = {
        name: told()[name] for name, after in seconds if not any(f"{after // DAY} day" in one for one in told()[name])
    }
    assert wrong == {}


def test_topics_are_kept_for_the_days_of_the_table():
    whole = yaml.safe_load((ROOT / "deploy" / "topics.yaml").read_text("utf-8"))
    for name, one in whole["topics"].items():
        assert name in told() or not one.keys() & {"retention_days", "cleanup_policy"}, f"{name}: {TABLE}"
        if "retention_days" in one:
            assert f"{one['retention_days']} days" in told()[name][0], name
        elif one.get("cleanup_policy") == "compact":
            assert "for ever" in told()[name][0], name
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    assert f"every topic that is not named below | {whole['defaults']['retention_days']} days |" in page
