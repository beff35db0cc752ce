"""Promtool, which Debian's package `prometheus` brings; without it a run fails, unless it was told to do without."""

import subprocess

import pytest

from deploy.local.tools import PROMTOOL, without


def promtool(*words: str) -> subprocess.CompletedProcess[str]:
    """What it says about our files."""
    path = PROMTOOL.path()
    if path is None and PROMTOOL.name in without():
        pytest.skip("RSOKO_WITHOUT=promtool: rules are not checked by Prometheus' own tool")
    assert path, f"promtool is missing: apt-get install {' '.join(PROMTOOL.packages)}"
    return subprocess.run([path, *words], capture_output=True, text=True, check=False, timeout=300)
