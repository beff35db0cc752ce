"""The expert community of a municipality: reported items and the nine indicators that follow from them."""

from services.scoring.domain.community.definitions import Definitions, read_definitions
from services.scoring.domain.community.indicators import (
    Found,
    HeldProcedure,
    HeldResult,
    Line,
    Year,
    indicators,
    left_out,
)
from services.scoring.domain.community.item import Item, Report, Told, Withdrawal, check_year, put, withdraw

__all__ = [
    "Definitions",
    "Found",
    "HeldProcedure",
    "HeldResult",
    "Item",
    "Line",
    "Report",
    "Told",
    "Withdrawal",
    "Year",
    "check_year",
    "indicators",
    "left_out",
    "put",
    "read_definitions",
    "withdraw",
]
