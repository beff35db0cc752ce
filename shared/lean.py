"""A serving process without what libraries draw in for a terminal that nobody looks at."""

import sys
from typing import Final

FOR_TERMINALS: Final = ("rich", "pygments")


def without_terminals() -> None:
    """Call before a service is imported: structlog and httpx import these wherever they are installed.

    They are, for our command line; 5 MiB of each process, and time at each start. A name that stands for None in
    `sys.modules` counts as not installed.
    """
    for name in FOR_TERMINALS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # the import system asks for it
