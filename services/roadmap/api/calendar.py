"""The deadlines of activities as an iCalendar feed (RFC 5545), the same bytes for as long as nothing changes."""

from datetime import timedelta

from fastapi import Request, Response
from icalendar import Calendar, Event

from services.roadmap.api.asking import CalendarReader, Uses, Whose
from services.roadmap.domain import Line, Window
from services.roadmap.usecases import Asked
from shared.calendar import ZONE_NAME
from shared.web import TAG, cached, router

calendar = router("/v1", tag="Календарь")
GONE = frozenset({"declined", "cancelled"})


class CalendarAnswer(Response):
    """An iCalendar object, for the API's description."""

    media_type = "text/calendar"


@calendar.get(
    "/calendar.ics", operation_id="read_calendar", response_class=CalendarAnswer, responses={200: {"headers": TAG}}
)
async def read_calendar(request: Request, actor: CalendarReader, uses: Uses, *, municipality: Whose = None) -> Response:
    """Сроки дорожных карт для подписки в календаре; без municipality — все (у муниципалитета — свои)."""
    lines = await uses.executing.lines(Asked(municipality=municipality), actor=actor)
    return cached(request, feed(lines), media_type=CalendarAnswer.media_type)


def feed(lines: list[Line]) -> bytes:
    """One all-day event for each window that concerns the side.

    Its UID stays however often the feed is read or the activity changes.
    """
    made = Calendar()
    made.add("prodid", "-//RSOKO//roadmap//RU")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", "Сроки дорожных карт")
    made.add("x-wr-timezone", ZONE_NAME)
    ordered = sorted(lines, key=lambda one: (one.activity.roadmap, one.activity.place))
    for line in ordered:
        for occurrence in line.occurrences:
            made.add_component(_event(line, occurrence.window))
    return bytes(made.to_ical())


def _event(line: Line, window: Window) -> Event:
    activity, task = line.activity, line.activity.task
    event = Event()
    event.add("uid", f"{activity.id}/{window.start.isoformat()}@rsoko")
    event.add("dtstamp", activity.changed_at)
    event.add("sequence", activity.revision + line.execution.revision)
    event.add("dtstart", window.start)
    event.add("dtend", window.end + timedelta(days=1))  # RFC 5545: the end is the first day that is not meant
    event.add("summary", f"№ {task.number}. {task.title or 'Название в документе утрачено'}")
    event.add("description", _description(line, window))
    event.add("status", "CANCELLED" if line.state in GONE else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _description(line: Line, window: Window) -> str:
    task = line.activity.task
    phrase = f"В дорожной карте: «{task.deadline.phrase}»" if task.deadline.phrase else "Срок назначен оператором"
    parts = [f"Выполнить до {window.end:%d.%m.%Y} включительно. {phrase}."]
    if task.responsible:
        parts.append(f"Отвечают: {', '.join(task.responsible)}.")
    if task.results:
        parts.append(f"Результаты: {'; '.join(task.results)}.")
    return "\n".join(parts)
