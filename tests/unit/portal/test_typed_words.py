"""Forms say under each free text of a result who will read it, and that no person is named there."""

import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, Services, monitoring

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
