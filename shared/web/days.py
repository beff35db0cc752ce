"""Days in bodies and queries: written as 2022-11-01, nothing else.

By itself pydantic takes seconds since 1970 and instants for days, also as strings: `"1665360000"` would be a date.
"""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticKnownError

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def iso_day(value: Any) -> Any:
    """The value, if it is a day or written as one; pydantic's `date_type` otherwise."""
    if type(value) is date or (isinstance(value, str) and _WRITTEN.fullmatch(value)):
        return value
    raise PydanticKnownError("date_type")


IsoDay = Annotated[date, BeforeValidator(iso_day, json_schema_input_type=date)]
