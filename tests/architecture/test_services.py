"""A service stands in every list of services: the code reads one; those that cannot read it are held to it here.

What a deployment needs of a service is held by `tests/contracts/test_deployment_compose.py` and its neighbours.
"""

import configparser
import re
from typing import get_args

from deploy.local.ports import BLOCK
from deploy.local.settings import OFFSETS, SERVICES, STORED
from services.portal import clients
from services.portal.show.journal import REGISTERS
from tests.architecture.tree import EVERYTHING, ROOT, modules, shown, text

HOW = "docs/map.md, How to add, A service: what else it needs"
# The one list, and the portal's view of it.
WRITTEN = {"deploy/local/settings.py", "services/portal/clients/services.py"}


def listed(contract: str, option: str) -> list[str]:
    """The services that a contract of imports names."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    return contracts[f"importlinter:contract:{contract}"][option].split()


def test_every_folder_of_services_is_a_service_that_is_started() -> None:
    folders = {path.parent.name for path in (ROOT / "services").glob("*/*.py")}
    assert folders == set(SERVICES), f"name it in SERVICES (deploy/local/settings.py); {HOW}"


def test_every_service_with_a_store_keeps_the_rooms_and_meets_others_only_in_events() -> None:
    rooms, doors = listed("rooms", "containers"), listed("doors", "modules")
    assert rooms == [f"services.{name}" for name in STORED], f".importlinter, contract rooms; {HOW}"
    assert doors == [f"services.{name}" for name in SERVICES], f".importlinter, contract doors; {HOW}"


def test_the_portal_knows_every_service_with_a_store() -> None:
    told = {name: offset for name, _, offset in clients.SERVICES}
    where = "services/portal/clients/services.py"
    assert (*told,) == get_args(clients.Stored) == STORED, f"Stored and SERVICES in {where}; {HOW}"
    assert told == {name: OFFSETS[name] - OFFSETS["portal"] for name in STORED}, f"ports: OFFSETS and {where}"
    assert REGISTERS.keys() == set(STORED), "services/portal/show/journal.py: what its journal calls its registers"


def test_every_process_has_a_port_of_its_own_in_the_block() -> None:
    assert sorted(OFFSETS.values()) == [*range(len(OFFSETS))], "OFFSETS (deploy/local/settings.py)"
    assert OFFSETS.keys() == {*SERVICES, "identity"}, f"OFFSETS (deploy/local/settings.py); {HOW}"
    assert len(OFFSETS) + len(("kafka", "its controller", "mongodb")) <= BLOCK, "widen BLOCK (deploy/local/ports.py)"


def test_no_other_module_writes_the_list_again() -> None:
    # The first three of them: a copy in which the last one was forgotten is found too.
    again = re.compile(r",\s*".join(f'"{name}"' for name in STORED[:3]))
    found = {shown(path) for path in modules(*EVERYTHING) if again.search(text(path))}
    assert found == WRITTEN, "read SERVICES or STORED of deploy.local instead"
