"""Forms say under each free text of a result who will read it, and that no person is named there."""

from copy import deepcopy

import pytest

from services.scoring.domain.explain import wordless
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, Services, monitoring
from tests.unit.portal.made import EVERYTHING, EXPLAIN, from_table

NEW = f"/results/new?procedure=vpr&municipality={OWN}&period=2022"
CORRECTION = "/results/r1/correction"
WITHDRAWAL = "/results/r1/withdrawal"
WARNING = "Увидят все, кому виден результат; не пишите имён и других личных данных."


async def hint(stage: Stage, path: str, field: str) -> str:
    """What stands under a field of a form, as somebody of the regional centre gets it."""
    stage.answers = Services(monitoring())
    headers = {"Authorization": stage.token("regional_operator"), "Accept": "text/html"}
    async with stage.browser(headers=headers) as browser:
        page = (await browser.get(path)).text
    return page.partition(f'id="{field}-hint">')[2].partition("</span>")[0]


@pytest.mark.parametrize("path", [NEW, CORRECTION])
@pytest.mark.parametrize("field", ["reason", "act"])
async def test_why_a_procedure_did_not_apply_names_nobody(stage: Stage, path: str, field: str):
    assert (await hint(stage, path, field)).endswith(WARNING)


@pytest.mark.parametrize("path", [CORRECTION, WITHDRAWAL])
async def test_why_a_result_was_revised_names_nobody(stage: Stage, path: str):
    assert await hint(stage, path, "why") == WARNING


@pytest.mark.parametrize("page", ["", "/explain"])
async def test_an_explanation_without_what_was_typed_is_shown_all_the_same(stage: Stage, page: str):
    told = deepcopy(EXPLAIN)
    [group] = told["overall"]["groups"]
    absent = next(one for one in group["procedures"] if one["state"] == "not_applicable")
    withdrawn = {"id": "r3", "revision": 2, "recorded_at": "2022-12-30T07:00:00+00:00", "reason": "ошибка переноса"}
    gone = absent | {"procedure": "gone", "state": "no_data", "indicators": [], "withdrawn": withdrawn}
    group["procedures"] = [wordless(one | {"basis": "result"}) for one in (*group["procedures"], gone)]
    stage.answers = from_table(EVERYTHING | {f"/v1/scores/{OWN}/explain": told})
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        shown = await browser.get(f"/municipalities/{OWN}{page}?period=2022")
    assert shown.status_code == 200
    assert "указано в результате" in shown.text
    assert "None" not in shown.text
