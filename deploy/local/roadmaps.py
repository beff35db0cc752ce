"""The road maps of the region as bodies of `PUT /v1/roadmaps/{key}`: windows as the files give them."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Body = dict[str, Any]
REGION = "74"
MAPS: tuple[tuple[str, Body], ...] = (
    (
        "roadmap_region_2022.csv",
        {
            "key": "region-2022",
            "title": "Межмуниципальное взаимодействие в управлении качеством образования на 2022 год",
            "municipality": None,
            "start": "2022-01-01",
            "end": "2022-12-31",
        },
    ),
    (
        "roadmap_karabash_2022_2024.csv",
        {
            "key": "karabash-2022-2024",
            "title": "Развитие сетевого экспертного сообщества на 2022–2024 годы",
            "municipality": "74-karabashsky-go",
            "start": "2021-12-01",
            "end": "2024-12-31",
        },
    ),
)


def read_roadmaps(folder: Path) -> tuple[Body, ...]:
    """Each road map with its `key` and `activities`; raises OSError where a file is missing."""
    made = []
    for name, about in MAPS:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            activities = [_activity(row) for row in csv.DictReader(file)]
        made.append({**about, "region": REGION, "activities": activities})
    return tuple(made)


def _activity(row: Mapping[str, str]) -> Body:
    return {
        "number": row["number"],
        "section": row["section"],
        "title": row["title"] or None,
        "deadline": {
            "phrase": row["deadline_phrase"] or None,
            "kinds": _parts(row["kinds"]),
            "windows": [
                {"start": start, "end": end}
                for start, _, end in (window.partition("/") for window in _parts(row["windows"]))
            ],
            "rrule": row["rrule"] or None,
        },
        "responsible": _parts(row["responsible"]),
        "results": _parts(row["results"]),
    }


def _parts(text: str) -> list[str]:
    return [part for part in text.split(";") if part]
