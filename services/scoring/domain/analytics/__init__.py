"""Analytics documents of procedures: ten fixed sections, drafted, finished once, versions kept."""

from services.scoring.domain.analytics.content import Sources, content_of, data_of, frozen_text
from services.scoring.domain.analytics.document import (
    Block,
    Document,
    Draft,
    Frozen,
    Step,
    draft,
    finish,
    period_before,
    write,
)
from services.scoring.domain.analytics.effect import Measured
from services.scoring.domain.analytics.figures import Round
from services.scoring.domain.analytics.motivation import Motivation, read_motivation
from services.scoring.domain.analytics.peers import Traits
from services.scoring.domain.analytics.reforms import inherited, once, reformed
from services.scoring.domain.analytics.sections import BY_KEY, KEYS, SECTIONS, missing

__all__ = [
    "BY_KEY",
    "KEYS",
    "SECTIONS",
    "Block",
    "Document",
    "Draft",
    "Frozen",
    "Measured",
    "Motivation",
    "Round",
    "Sources",
    "Step",
    "Traits",
    "content_of",
    "data_of",
    "draft",
    "finish",
    "frozen_text",
    "inherited",
    "missing",
    "once",
    "period_before",
    "read_motivation",
    "reformed",
    "write",
]
