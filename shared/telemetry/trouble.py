"""Trouble with what somebody else runs: told when it begins or changes and when it is over, not at each attempt."""

from shared.telemetry.logs import log


class Trouble:
    """What stands between us and one other system."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._known = ""

    def met(self, why: str) -> None:
        """It did not answer as it should."""
        if why != self._known:
            log.warning(f"{self._who}.away", error=why)
        self._known = why

    def over(self) -> None:
        """It did."""
        if self._known:
            log.info(f"{self._who}.back")
        self._known = ""
