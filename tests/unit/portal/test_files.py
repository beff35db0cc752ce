"""What browsers keep of the portal's own files: under a stamp only the content that the stamp is of."""

import httpx
import pytest

from services.portal.page import STAMPS, asset

DAY = "public, max-age=86400"


@pytest.mark.parametrize("path", sorted(STAMPS))
async def test_a_file_is_kept_for_a_day_under_the_address_that_pages_name(browser: httpx.AsyncClient, path: str):
    answer = await browser.get(asset(path))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, DAY)


@pytest.mark.parametrize("query", ["", "?00000000", "?v=1", f"?{STAMPS['portal.css']}"])
async def test_under_the_stamp_of_another_version_it_is_asked_for_again(browser: httpx.AsyncClient, query: str):
    answer = await browser.get(f"/static/live.js{query}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    again = await browser.get(f"/static/live.js{query}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


async def test_what_a_folder_names_by_its_version_needs_no_stamp(browser: httpx.AsyncClient):
    path = next(one for one in STAMPS if one.endswith("cyrillic-400-normal.woff2"))
    assert (await browser.get(f"/static/{path}")).headers["cache-control"] == DAY
    assert (await browser.get(f"/static/{path}?00000000")).headers["cache-control"] == "no-cache"
