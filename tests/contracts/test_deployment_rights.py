"""Rights in Kafka: the table is what the services tell and hear, by the wiring of their applications."""

from typing import Any

import pytest
import yaml

from deploy.local.issuer.people import CLIENTS
from deploy.local.kafka.declared import DECLARED as TOPICS
from deploy.local.kafka.rights import DECLARED, Right, reads, users
from deploy.local.settings import STORED
from tests.contracts.applications import applications, asked


def table() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))
    return found


def test_every_service_with_a_store_has_a_user_and_nobody_else_of_ours_has():
    assert list(table()["services"]) == [*STORED]


@pytest.mark.parametrize("service", STORED)
def test_a_service_reads_what_its_listeners_hear_in_their_groups(service: str):
    listeners = [one.listener for one in applications()[service].state.platform.consumers]

    assert reads(service) == {one.group: sorted(one.topics) for one in listeners}


@pytest.mark.parametrize("service", STORED)
async def test_a_service_writes_what_it_tells_and_the_dead_letters_of_its_groups(service: str):
    described = (await asked(service, "/asyncapi.json")).json()
    told = {
        described["channels"][one["channel"]["$ref"].rsplit("/", 1)[1]]["address"]
        for one in described["operations"].values()
        if one["action"] == "send"
    }
    dead = {one.listener.dlq for one in applications()[service].state.platform.consumers}

    assert table()["services"][service]["writes"] == sorted(told | dead)


def test_what_one_service_tells_no_other_may_write():
    writers = [name for entry in table()["services"].values() for name in entry["writes"]]

    assert len(writers) == len(set(writers))


def test_other_systems_are_known_clients_and_reach_the_intake_alone():
    assert table()["systems"] == {"gis-education": {"writes": ["monitoring.intake.v1"]}}
    assert set(table()["systems"]) <= set(CLIENTS)


def test_every_topic_of_the_table_is_declared_and_a_name_is_never_a_pattern():
    declared = set(yaml.safe_load(TOPICS.read_text())["topics"])
    rights = set().union(*users().values())

    assert {right.name for right in rights if right.kind == "topic"} <= declared
    assert [right for right in rights if "*" in right.name] == []
    assert Right("scoring", "topic", "scoring.score.v1", "write") in rights
