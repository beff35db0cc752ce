"""`./rsoko token ROLE`: a bearer token of the local identity provider, also while the platform is down."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.show import AsJson, answer, answer_json
from deploy.local import Failed, Settings

if TYPE_CHECKING:
    import httpx

Role = Annotated[
    str,
    typer.Argument(
        metavar="РОЛЬ", help="ministry, regional_operator, assessor, municipality, organization, expert, system"
    ),
]
Own = Annotated[str, typer.Option(help="идентификатор")]
Municipality = Annotated[str, typer.Option(help="идентификатор или код ОКТМО (его знает реестр запущенной платформы)")]
Scopes = Annotated[list[str] | None, typer.Option("--scope", help="право (можно несколько раз); у system — все")]
Ttl = Annotated[
    int, typer.Option(min=-86400, max=30 * 86400, help="сколько секунд действует (отрицательно: уже истёк)")
]


def token(
    role: Role,
    *,
    municipality: Municipality = "",
    organization: Own = "",
    expert: Own = "",
    client: Annotated[str, typer.Option(help="клиент: gis-education, demo, …")] = "",
    scope: Scopes = None,
    ttl: Ttl = 3600,
    json: AsJson = False,
) -> None:
    """Выдать токен местного поставщика удостоверений (только в местном режиме)."""
    _check(role, {"municipality": municipality, "organization": organization, "expert": expert})
    settings = Settings.from_env()
    own = {
        "municipality_id": municipality_id(municipality, settings),
        "organization_id": organization,
        "expert_id": expert,
    }
    text = issue(role, own, client=client, scopes=scope, ttl=ttl, settings=settings)
    if json:
        answer_json({"access_token": text, "token_type": "Bearer", "expires_in": ttl})
    else:
        answer(text)


def _check(role: str, given: dict[str, str]) -> None:
    """Failed unless exactly that of the three is given which this role has."""
    if role in given and not given[role]:
        raise Failed(f"роли {role} нужен идентификатор", f"добавьте --{role} ИДЕНТИФИКАТОР")
    for name, told in given.items():
        if told and name != role:
            raise Failed(f"у роли {role} нет --{name}", f"уберите его или назовите роль {name}")


def municipality_id(named: str, settings: Settings, *, transport: httpx.BaseTransport | None = None) -> str:
    """The id of a municipality named by it, or by an OKTMO code, whose bearer of today the registry names."""
    if not named.isdecimal():
        return named
    import httpx

    from deploy.cli.reach import reach_of
    from deploy.local.issuer.app import require_local

    require_local(os.environ.get("RSOKO_ENV", "local"))
    reach = reach_of(settings, {})
    try:
        with httpx.Client(transport=transport, timeout=30.0) as client:
            answer = client.get(f"{reach.url('registry')}/v1/municipalities/{named}")
    except httpx.TransportError as error:
        raise Failed(
            f"чей код ОКТМО {named}, знает реестр, а служба «registry» не отвечает",
            f"{reach.advice('registry')}; либо назовите идентификатор",
        ) from error
    if answer.is_error:
        raise Failed(
            f"кода ОКТМО {named} в реестре нет" if answer.status_code == httpx.codes.NOT_FOUND else answer.text[:200],
            "проверьте его (8 цифр) или назовите идентификатор, например 74-zlatoustovsky-go",
        )
    return str(answer.json()["id"])


def issue(
    role: str,
    own: dict[str, str] | None = None,
    *,
    client: str = "",
    scopes: list[str] | None = None,
    ttl: int = 3600,
    settings: Settings | None = None,
) -> str:
    """Sign an access token; Failed outside the local mode, for an unknown role or without the role's id."""
    from deploy.local.issuer.app import issuer_of, require_local
    from deploy.local.issuer.people import SYSTEM_SCOPES, UnknownPerson, person, system

    require_local(os.environ.get("RSOKO_ENV", "local"))
    try:
        who = system(client or "demo") if role == "system" else person(role, own)
    except UnknownPerson as unknown:
        raise Failed(str(unknown), "смотрите ./rsoko token --help") from unknown
    given = scopes if scopes is not None else list(SYSTEM_SCOPES) if role == "system" else []
    issuer = issuer_of(settings or Settings.from_env())
    return issuer.access(
        who,
        client=client or who.subject if role == "system" else client or "portal",
        scopes=given,
        ttl=timedelta(seconds=ttl),
    )
