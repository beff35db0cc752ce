"""Signs of bias: statistical tests on the results of schools; run in a process of its own, which alone loads scipy.

A sign is a reason to look, never a verdict. docs/signs.md says how each is to be read and where it comes from.
"""

from services.scoring.domain.signs.outcome import METHOD, Kind, Outcome, found
from services.scoring.domain.signs.table import Table

__all__ = ["METHOD", "Kind", "Outcome", "Table", "found"]
