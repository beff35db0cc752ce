"""The machine that the figures are of, and how busy others kept it meanwhile."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import psutil

GIB = 2**30


def machine() -> dict[str, Any]:
    """Cores, memory in GiB, processor, Python, and the load of one minute at this moment."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / GIB, 1),
        "processor": _processor(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def sentence(found: dict[str, Any]) -> str:
    """The machine in one Russian line."""
    return (
        f"Машина: ядер {found['cores']}, память {found['memory_gib']} ГиБ, {found['processor']}, "
        f"Python {found['python']}; нагрузка перед началом {found['load']}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
