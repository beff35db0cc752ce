"""What a serving process does not carry: libraries for terminals, though they are installed."""

import subprocess
import sys

import pytest

from deploy.local.settings import ROOT, SERVICES
from shared.lean import FOR_TERMINALS

# The entrance without its work: what it imports itself must not have drawn them in before it could say no.
CODE = """
import sys
import {entry}
from shared.lean import without_terminals
without_terminals()
{apps}
print(sorted(name for name in sys.modules if name.split('.')[0] in {names}))
"""


@pytest.mark.parametrize("entry", ["shared.serving", "shared.aside_child"])
def test_no_service_draws_in_what_is_for_terminals(entry: str) -> None:
    """In a process of its own, that begins as the real ones do and imports every service."""
    code = CODE.format(
        entry=entry, apps="\n".join(f"import services.{one}.app" for one in SERVICES), names=FOR_TERMINALS
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == str(sorted(FOR_TERMINALS))
