"""Who there is: municipalities that survive reforms, organisations, and what an imported row changes. Pure."""

from services.registry.domain.municipality import (
    Municipality,
    MunicipalityRow,
    holder_of,
    import_municipalities,
    needed_by,
)
from services.registry.domain.organization import Organization, OrganizationRow, import_organizations
from services.registry.domain.rows import Outcome, code_like

__all__ = [
    "Municipality",
    "MunicipalityRow",
    "Organization",
    "OrganizationRow",
    "Outcome",
    "code_like",
    "holder_of",
    "import_municipalities",
    "import_organizations",
    "needed_by",
]
