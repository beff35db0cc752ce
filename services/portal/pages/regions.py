"""Which region an address must name for this visitor; where the visitor is shown that one anyway it stays short."""

from services.portal.page import Visitor
from services.portal.show.region import region_of


def beside(visitor: Visitor, municipality: str) -> str:
    """The region of a municipality; empty where the services mean it without being told, as of one without a region."""
    own = visitor.actor.attributes.get("municipality") or visitor.actor.attributes.get("organization") or ""
    meant = region_of(own).get("region", visitor.portal.settings.region)
    found = region_of(municipality).get("region", "")
    return "" if found == meant else found
