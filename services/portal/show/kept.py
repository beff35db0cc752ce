"""What was typed into a form that was refused and that its page offers no more: shown, to be copied from."""

from collections.abc import Mapping
from typing import Any

from services.portal.show.editions import text

Lost = list[tuple[str, str]]


def lost_of(form: Mapping[str, Any], labels: Mapping[str, str]) -> Lost:
    """The fields that something was typed into, each with its label, in the order of the labels."""
    return [(label, typed) for name, label in labels.items() if (typed := text(form, name))]
