"""The realm of Keycloak: the same roles, claims, clients, scopes and audience as the local identity provider."""

import json
from typing import Any

import pytest

from deploy.local.issuer.people import ATTRIBUTE, CLIENTS, NAMES, SYSTEM_SCOPES
from deploy.local.settings import ROOT
from services.portal.signin.doors import router
from shared.auth import TYPES
from shared.settings import Settings

REALM: dict[str, Any] = json.loads((ROOT / "deploy" / "keycloak" / "realm.json").read_text(encoding="utf-8"))
CLIENT = {one["clientId"]: one for one in REALM["clients"]}
SCOPE = {one["name"]: one for one in REALM["clientScopes"]}
SYSTEMS = sorted(set(CLIENT) - {"portal", "operators"})


def profile() -> dict[str, Any]:
    """What may be known of a user, by name."""
    [component] = REALM["components"]["org.keycloak.userprofile.UserProfileProvider"]
    [text] = component["config"]["kc.user.profile.config"]
    return {one["name"]: one for one in json.loads(text)["attributes"]}


def mappers(scope: str) -> dict[str, dict[str, str]]:
    return {one["name"]: one["config"] for one in SCOPE[scope]["protocolMappers"]}


def test_people_have_one_of_our_roles_and_only_an_administrator_gives_it():
    known = profile()

    assert known["role"]["validations"]["options"]["options"] == [role for role in NAMES if role != "system"]
    for name in ("role", *ATTRIBUTE.values()):
        assert known[name]["permissions"]["edit"] == ["admin"], f"whoever may edit {name} is whoever they like"
        assert known[name]["multivalued"] is False


def test_the_role_and_the_own_ids_become_claims_of_the_access_token():
    told = mappers("rsoko")

    for name in ("role", *ATTRIBUTE.values()):
        one = told[name.replace("_", "-")]
        assert (one["user.attribute"], one["claim.name"], one["multivalued"]) == (name, name, "false")
        assert one["access.token.claim"] == "true"
    told_twice = [name for name, one in told.items() if one["id.token.claim"] != "false"]
    assert told_twice == [], "the identity token stands in the address by which one signs out, and in logs of it"
    assert told["audience"]["included.custom.audience"] == Settings.model_fields["audience"].default
    assert "sub" in mappers("basic")


@pytest.mark.parametrize("name", CLIENT)
def test_every_client_gets_access_tokens_that_the_services_take(name: str):
    client = CLIENT[name]

    assert client["attributes"]["access.token.header.type.rfc9068"] == "true", f"typ must be one of {sorted(TYPES)}"
    assert {"basic", "rsoko"} <= set(client["defaultClientScopes"])
    assert client["directAccessGrantsEnabled"] is client["implicitFlowEnabled"] is False


def test_the_portal_is_a_public_client_with_pkce_that_leads_back_to_itself():
    portal = CLIENT[Settings.model_fields["oidc_client"].default]
    paths = {route.path for route in router.routes}

    assert portal["publicClient"] is True
    assert portal["attributes"]["pkce.code.challenge.method"] == "S256"
    [back] = portal["redirectUris"]
    assert back.removeprefix("${RSOKO_PUBLIC_URL}") in paths


def test_operators_sign_in_as_people_and_need_no_secret():
    client = CLIENT["operators"]

    assert client["attributes"]["oauth2.device.authorization.grant.enabled"] == "true"
    assert (client["publicClient"], client["standardFlowEnabled"], client["serviceAccountsEnabled"]) == (
        True,
        False,
        False,
    )
    assert client["redirectUris"] == []


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_is_a_confidential_client_of_its_own_whose_secret_is_not_here(name: str):
    client = CLIENT[name]
    told = {one["config"]["claim.name"]: one["config"]["claim.value"] for one in client["protocolMappers"]}

    assert name in CLIENTS
    assert told == {"role": "system", "client_id": name}
    assert client["serviceAccountsEnabled"] is True
    assert client["standardFlowEnabled"] is False
    assert client["secret"] == "${RSOKO_CLIENT_" + name.upper().replace("-", "_") + "}"
    assert [one for one in client["defaultClientScopes"] if ":" in one] == list(SYSTEM_SCOPES)


def test_the_scopes_of_systems_are_told_in_the_token():
    assert [one for one in SCOPE if ":" in one] == list(SYSTEM_SCOPES)
    for name in SYSTEM_SCOPES:
        assert SCOPE[name]["attributes"]["include.in.token.scope"] == "true"


def test_nobody_has_an_account_and_nobody_makes_one_for_themselves():
    assert "users" not in REALM
    assert REALM["registrationAllowed"] is False
    assert REALM["bruteForceProtected"] is True
