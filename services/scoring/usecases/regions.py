"""Which region is meant, and what is said of one that is not loaded, or of a period without scores there."""

from datetime import datetime

from services.scoring.domain import instant_text
from services.scoring.domain.league import League, region_of
from services.scoring.usecases.state import State
from shared.kernel import NotFound, Refused


def loaded(state: State) -> list[str]:
    """Every region that has a municipality or a card, and the home one."""
    return sorted({state.home, *state.names.regions(), *state.mirror.regions()})


def meant(state: State, asked: str | None, *, own: str | None) -> str:
    """The region that is asked for, else that of the reader's `own` municipality or school, else the home one."""
    if asked is None:
        return (own and region_of(own)) or state.home
    known = loaded(state)
    if asked not in known:
        detail = f"«{asked[:40]}»: загружены регионы: {', '.join(known)}. Регион — номер, с которого начинаются id."
        raise NotFound("region-not-found", "Такого региона нет", detail)
    return asked


def no_period(state: State, league: League, *, as_of: datetime | None = None) -> NotFound:
    """That there are no scores of a region for a period, or were none at an instant, and where it says for which.

    It names none itself: who reads it may not see every one. Where no edition is in force, that is why.
    """
    at_home = league.region == state.home
    where = "/v1/periods" if at_home else f"/v1/periods?region={league.region}"
    title, none = "За этот период баллов нет", "баллов нет"
    if _lacks_methodology(state, league.period):
        title, none = "За этот период нет методики", "методики нет, результаты хранятся без оценки"
    elif as_of:
        none = f"на {instant_text(as_of)} баллов ещё не было"
    detail = f"«{league.period[:40]}»: {none}. Периоды, которые вам видны: GET {where}."
    return NotFound("period-not-found", title, detail)


def _lacks_methodology(state: State, period: str) -> bool:
    """Whether no edition is in force for a period; a text that is no period lacks nothing."""
    try:
        return state.methodology_of(period) is None
    except Refused:
        return False
