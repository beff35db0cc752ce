"""Who may submit what: the policy of the platform, and the sources that a system speaks for."""

from dataclasses import replace

from services.monitoring.domain import Candidate, Directory, Result
from shared.kernel import Forbidden
from shared.policy import Actor, actor_may, decide


def permit(actor: Actor, candidate: Candidate, directory: Directory, *, action: str) -> None:
    """Forbidden where this actor may not give this result, or not quietly, or not for this source."""
    resource = _resource(candidate)
    decide(actor, action, resource)
    permit_source(actor, candidate.source, directory)
    _permit_people(actor, candidate.source, directory, remedy="Назовите источник ручного ввода, например portal.")
    if candidate.quiet:
        decide(actor, "result.submit-quietly", resource)


def permit_revision(actor: Actor, result: Result, directory: Directory, *, quiet: bool) -> None:
    """The same for a revision of a result that is there, of an organisation as `owned` today.

    It goes on naming the source, whoever wrote it.
    """
    resource = _resource(result)
    decide(actor, "result.revise", resource)
    permit_source(actor, result.source, directory)
    remedy = "Такой результат исправляет или отзывает сама система, региональный оператор или министерство."
    _permit_people(actor, result.source, directory, remedy=remedy)
    _permit_limits(actor, result, directory)
    if quiet:
        decide(actor, "result.submit-quietly", resource)


def may_read(actor: Actor, result: Result, directory: Directory) -> bool:
    """Whether this actor may know that the result is there: whose it was, or whose the organisation is now."""
    return any(actor_may(actor, "result.read", _resource(one)) for one in (result, owned(result, directory)))


def owned(result: Result, directory: Directory) -> Result:
    """The result with the municipality that its organisation has today, as far as the registry told of it."""
    if result.organization is None or result.organization not in directory.organizations:
        return result
    return replace(result, municipality=directory.organizations[result.organization].municipality)


def _resource(about: Candidate | Result) -> dict[str, str | None]:
    return {"municipality": about.municipality, "organization": about.organization, "source": about.source}


def permit_source(actor: Actor, source: str, directory: Directory) -> None:
    """A system speaks only for the sources that name it as their client."""
    if actor.role != "system":
        return
    if source not in directory.sources_of(actor.client_id or ""):
        detail = f"Клиент «{actor.client_id}» не назван среди клиентов источника «{source}»."
        raise Forbidden("source-not-allowed", "Чужой источник", detail, extra={"source": source})


def _permit_people(actor: Actor, source: str, directory: Directory, *, remedy: str) -> None:
    """Municipalities and schools name only sources meant for people: explanations and papers show the source."""
    if actor.role == "system" or actor_may(actor, "result.submit-for-any-source", {}):
        return
    if source not in directory.sources or not directory.sources[source].people:
        detail = f"Источник «{source}» — не для ввода людьми. {remedy}"
        raise Forbidden("source-not-allowed", "Чужой источник", detail, extra={"source": source})


def _permit_limits(actor: Actor, result: Result, directory: Directory) -> None:
    """What its source may report no more is left to the operator and the ministry: narrowing would stop nobody."""
    source = directory.sources.get(result.source)
    if source is None or actor_may(actor, "result.submit-for-any-source", {}):
        return
    named = f"Источнику «{result.source}» больше не разрешено передавать"
    remedy = "Обратитесь к региональному оператору."
    if not source.may_report(result.procedure):
        detail = f"{named} процедуру «{result.procedure}». {remedy}"
        raise Forbidden("procedure-not-allowed", "Процедура не разрешена источнику", detail)
    if not source.may_report_about(result.municipality, organization=result.organization is not None):
        detail = f"{named} результаты об этом субъекте. {remedy}"
        raise Forbidden("subject-not-allowed", "Субъект не разрешён источнику", detail)


def account(actor: Actor) -> str:
    """Who it is, as kept with a revision: role and account."""
    return f"{actor.role}:{actor.subject}"


def own_id(actor: Actor) -> str | None:
    """The municipality, organisation or system that the account works for; never a person's id."""
    if actor.role == "system":
        return actor.client_id
    return actor.attributes.get(actor.role) if actor.role in {"municipality", "organization"} else None
