"""A made-up reform on the running platform: a union of 2021, a division of 2022, a renaming; results of three years."""

from typing import Any

from tests.e2e.conftest import Running, until

LONG = "Муниципальный округ Староверхнекаменногорско-Новотроицкоуральский МО"
URBAN, DISTRICT, OKRUG = "urban_okrug", "municipal_district", "municipal_okrug"
UNION, DIVISION, RENAMING = "2021-01-01", "2022-01-01", "2021-06-01"
SOYUZ, NORTH, SOUTH, DELTA, ALFA, GAMMA = (
    f"74-pridumanny-{one}" for one in ("soyuz", "sever", "yug", "delta", "alfa", "gamma")
)
BETA = "74-pridumanny-beta"
# How much of every maximum was reached, in tenths; None: nothing applied.
REACHED: dict[tuple[str, str], int | None] = {
    (ALFA, "2020"): 2, (BETA, "2020"): 5, (SOYUZ, "2021"): 6, (SOYUZ, "2022"): 9,
    (GAMMA, "2020"): 4, (GAMMA, "2021"): 0, (NORTH, "2022"): 8,
    (DELTA, "2020"): 3, (DELTA, "2022"): None,
}  # fmt: skip


def _named(name: str, code: str, kind: str, days: tuple[str, str | None]) -> dict[str, Any]:
    return {"name": name, "oktmo": code, "kind": kind, "valid_from": days[0], "valid_to": days[1]}


def _link(kind: str, other: str, role: str, on: str) -> dict[str, str]:
    return {"kind": kind, "municipality": other, "role": role, "on": on}


MUNICIPALITIES: list[dict[str, Any]] = [
    {"id": ALFA, "history": [_named("Альфа ГО", "75990001", URBAN, ("2010-01-01", UNION))],
     "succession": [_link("join", SOYUZ, "successor", UNION)]},
    {"id": BETA, "history": [_named("Бета МР", "75990002", DISTRICT, ("2010-01-01", UNION))],
     "succession": [_link("join", SOYUZ, "successor", UNION)]},
    {"id": SOYUZ, "history": [_named(LONG, "75990003", OKRUG, (UNION, None))]},
    {"id": GAMMA, "history": [_named("Гамма МР", "75990004", DISTRICT, ("2010-01-01", DIVISION))]},
    {"id": NORTH, "history": [_named("Северная Гамма МО", "75990005", OKRUG, (DIVISION, None))],
     "succession": [_link("split", GAMMA, "predecessor", DIVISION)]},
    {"id": SOUTH, "history": [_named("Южная Гамма МО", "75990006", OKRUG, (DIVISION, None))],
     "succession": [_link("split", GAMMA, "predecessor", DIVISION)]},
    {"id": DELTA, "history": [_named("Дельта МР", "75990007", DISTRICT, ("2010-01-01", RENAMING)),
                              _named("Новая Дельта МО", "75990008", OKRUG, (RENAMING, None))]},
]  # fmt: skip


def bring(running: Running) -> None:
    """Municipalities, an edition of its own for 2020, results; returns when the last is scored."""
    running.tell("operator", "POST", "registry", "/v1/municipalities/import", json={"items": MUNICIPALITIES})
    document = running.tell("ministry", "GET", "scoring", "/v1/methodologies/complex-analytics-2022")
    earlier = {
        **document,
        "id": "example-2020",
        "title": "Пример прежней методики",
        "in_force": {"from": 2020, "to": 2020},
    }
    running.tell("ministry", "PUT", "scoring", "/v1/methodologies/example-2020", json=earlier)
    procedures = running.tell("operator", "GET", "monitoring", "/v1/procedures")["items"]
    rows = [
        _result(whose, period, procedure, reached)
        for (whose, period), reached in REACHED.items()
        for procedure in procedures
        if procedure["code"] <= 18
    ]
    until(lambda: _posted(running, rows), what="the made-up results accepted")
    path = f"/v1/scores/{DELTA}/explain?period=2022"
    until(lambda: _last(running, path) == "not_applicable", what="the made-up results scored")


def _last(running: Running, path: str) -> str:
    answer = running.ask("operator", "GET", "scoring", path)
    return str(answer.json()["overall"]["state"]) if answer.is_success else ""


def _result(whose: str, period: str, procedure: dict[str, Any], reached: int | None) -> dict[str, Any]:
    row = {
        "procedure": procedure["key"], "subject": {"municipality": whose}, "period": period, "source": "demo",
        "occurred_at": f"{period}-12-30T10:00:00+05:00", "notify": False,
    }  # fmt: skip
    if reached is None:
        return {**row, "not_applicable": {"reason": "не участвовал", "act": "приказ № 7"}}
    values = {one["key"]: str(int(one["maximum"]) * reached / 10) for one in procedure["indicators"]}
    return {**row, "values": values}


def _posted(running: Running, rows: list[dict[str, Any]]) -> bool:
    """Whether monitoring took all of them; it hears of municipalities a moment after the registry's answer."""
    told = running.tell("operator", "POST", "monitoring", "/v1/results/batch", json={"items": rows})["items"]
    codes = {error["code"] for one in told for error in one["errors"]}
    assert codes <= {"unknown-municipality", "result-exists"}, codes
    return "unknown-municipality" not in codes
