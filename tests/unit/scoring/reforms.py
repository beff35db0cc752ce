"""A made-up reform: Альфа and Бета join in 2021, Гамма splits in 2022, Дельта gets another name and code in 2021."""

from services.scoring.domain.names import Link, Municipality, Named

UNION, DIVISION, RENAMING = "2021-01-01", "2022-01-01", "2021-06-01"
ALFA = Municipality(
    "74-alfa", 1, "74", (Named("Альфа ГО", "75900001", "2010-01-01", UNION, "urban_okrug"),),
    (Link("join", "74-soyuz", "successor", UNION),),
)  # fmt: skip
BETA = Municipality(
    "74-beta", 1, "74", (Named("Бета МР", "75900002", "2010-01-01", UNION, "municipal_district"),),
    (Link("join", "74-soyuz", "successor", UNION),),
)  # fmt: skip
SOYUZ = Municipality(
    "74-soyuz", 1, "74", (Named("Союз МО", "75900003", UNION, None, "municipal_okrug"),),
    (Link("join", "74-alfa", "predecessor", UNION), Link("join", "74-beta", "predecessor", UNION)),
)  # fmt: skip
GAMMA = Municipality(
    "74-gamma", 1, "74", (Named("Гамма МР", "75900004", "2010-01-01", DIVISION, "municipal_district"),)
)
GAMMA_NORTH = Municipality(
    "74-gamma-north", 1, "74", (Named("Северная Гамма МО", "75900005", DIVISION, None, "municipal_okrug"),),
    (Link("split", "74-gamma", "predecessor", DIVISION),),
)  # fmt: skip
GAMMA_SOUTH = Municipality(
    "74-gamma-south", 1, "74", (Named("Южная Гамма МО", "75900006", DIVISION, None, "municipal_okrug"),),
    (Link("split", "74-gamma", "predecessor", DIVISION),),
)  # fmt: skip
DELTA = Municipality(
    "74-delta", 1, "74",
    (
        Named("Дельта МР", "75900007", "2010-01-01", RENAMING, "municipal_district"),
        Named("Новая Дельта МО", "75900008", RENAMING, None, "municipal_okrug"),
    ),
)  # fmt: skip
REFORMED = (ALFA, BETA, SOYUZ, GAMMA, GAMMA_NORTH, GAMMA_SOUTH, DELTA)
