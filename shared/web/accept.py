"""What a reader asks to be answered in: `Accept` with its qualities (RFC 9110 §12.5.1)."""

import re
from functools import lru_cache

from starlette.requests import Request

from shared.web.answers import JSON

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def _ranges(accept: str) -> dict[str, float]:
    """Media ranges in small letters with their qualities, in their order; what cannot be read is left out."""
    found: dict[str, float] = {}
    for one in accept.lower().split(","):
        media, *parameters = (part.strip() for part in one.split(";"))
        told = dict(part.split("=", 1) for part in parameters if "=" in part).get("q", "1")
        if media.count("/") == 1 and _QUALITY.fullmatch(told):
            found[media] = float(told)
    return found


def _quality(ranges: dict[str, float], media_type: str) -> float:
    """What the most specific range gives this type."""
    kind = media_type.split("/", 1)[0]
    return next((ranges[one] for one in (media_type, f"{kind}/*", "*/*") if one in ranges), 0.0)


@lru_cache(maxsize=64)
def _prefers(accept: str, media_type: str, over: tuple[str, ...]) -> bool:
    ranges = _ranges(accept)
    wanted, usual = _quality(ranges, media_type), max(_quality(ranges, one) for one in over)
    if wanted != usual or not wanted:
        return wanted > usual
    return next((one for one in ranges if one == media_type or one in over), None) == media_type


def prefers(request: Request, media_type: str, *over: str) -> bool:
    """Whether the reader would rather have this type than those that are answered otherwise (JSON by itself).

    Of two that are as welcome it is the one that is named, and of two that are named the first.
    """
    # A loop and no generator: answers kept ready are asked for thousands of times a second.
    told = ""
    for name, value in request.scope["headers"]:
        if name == b"accept":
            told = f"{told},{value.decode('latin-1')}" if told else value.decode("latin-1")
    return _prefers(told, media_type, over or (JSON,))
