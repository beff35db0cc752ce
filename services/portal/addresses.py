"""Addresses that browsers and visitors tell, taken apart without trusting that they are addresses."""

from urllib.parse import SplitResult, urlsplit


def parts_of(address: str) -> SplitResult | None:
    """The parts of an address; None for what is none, such as a bracket that is not closed."""
    try:
        return urlsplit(address)
    except ValueError:
        return None
