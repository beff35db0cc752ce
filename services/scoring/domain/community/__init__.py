"""The expert community of a municipality: reported items and the nine indicators that follow from them."""

from services.scoring.domain.community.definitions import Definition, Definitions, read_definitions
from services.scoring.domain.community.indicators import (
    Found,
    HeldProcedure,
    HeldResult,
    Line,
    Lines,
    Year,
    indicators,
    left_out,
    words_of,
)
from services.scoring.domain.community.item import Item, Report, Revision, Told, Withdrawal, check_year, put, withdraw

__all__ = [
    "Definition",
    "Definitions",
    "Found",
    "HeldProcedure",
    "HeldResult",
    "Item",
    "Line",
    "Lines",
    "Report",
    "Revision",
    "Told",
    "Withdrawal",
    "Year",
    "check_year",
    "indicators",
    "left_out",
    "put",
    "read_definitions",
    "withdraw",
    "words_of",
]
