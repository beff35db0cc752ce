"""Who asks in the tests of the running platform: one actor of every kind, and tokens that nobody should believe."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

from joserfc.jwk import ECKey

from deploy.cli.token import issue
from deploy.local import Settings
from deploy.local.issuer.app import issuer_of
from deploy.local.issuer.people import person

OWN, FOREIGN = "74-zlatoustovsky-go", "74-troitsky-go"
SCHOOL, FOREIGN_SCHOOL = "74-trial-school-1", "74-trial-school-2"
SOURCE = "gis-education"
PUBLIC = "public"


def tokens(settings: Settings) -> dict[str, str | None]:
    """A token for each actor; None for who has none."""

    def made(role: str, client: str = "", scopes: list[str] | None = None, **own: str) -> str:
        return issue(role, own, client=client, scopes=scopes, settings=settings, ttl=6 * 3600)

    return {
        PUBLIC: None,
        "ministry": made("ministry"),
        "operator": made("regional_operator"),
        "assessor": made("assessor"),
        "own municipality": made("municipality", municipality_id=OWN),
        "foreign municipality": made("municipality", municipality_id=FOREIGN),
        "own school": made("organization", organization_id=SCHOOL),
        "foreign school": made("organization", organization_id=FOREIGN_SCHOOL),
        "expert": made("expert", expert_id="expert-1"),
        "own system": made("system", client=SOURCE),
        "foreign system": made("system", client="demo"),
        "system without scopes": made("system", client=SOURCE, scopes=[]),
    }


def unbelievable(settings: Settings) -> dict[str, str]:
    """Tokens of a ministry that must not be believed, by what is wrong with them."""
    issuer = issuer_of(settings)
    ministry = person("ministry")

    def made(**change: object) -> str:
        return replace(issuer, **change).access(ministry, client="portal", scopes=[], ttl=timedelta(hours=1))

    good = made()
    header, claims, signature = good.split(".")
    other_key = ECKey.generate_key("P-256", parameters={"kid": issuer.key.kid})
    return {
        "expired": issuer.access(ministry, client="portal", scopes=[], ttl=timedelta(hours=-1)),
        "of another issuer": made(address="http://127.0.0.1:1"),
        "for another audience": made(audience="somebody-else"),
        "signed with another key": made(key=other_key),
        "with alg none": f"{_part({'alg': 'none', 'typ': 'at+jwt', 'kid': issuer.key.kid})}.{claims}.",
        "with a cut signature": f"{header}.{claims}.{signature[:-4]}",
        "with foreign claims": f"{header}.{_part({'role': 'ministry', 'sub': 'me', 'exp': 9999999999})}.{signature}",
        "an identity token": issuer.identity(ministry, client="rsoko", nonce=None, ttl=timedelta(hours=1)),
        "no token at all": "совсем-не-токен".encode().hex(),
    }


def _part(told: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
