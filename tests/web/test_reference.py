"""``/docs`` in a real browser that reaches nobody but us."""

from __future__ import annotations

import pytest
from playwright.async_api import Route, async_playwright, expect

from core.ids import new_id
from tests.web.conftest import Desk, served
from tests.web.test_talk_page import CHROMIUM, FLAGS


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
async def test_the_api_can_be_read_and_tried_without_the_rest_of_the_network(desk: Desk) -> None:
    asked_elsewhere: list[str] = []
    complaints: list[str] = []
    async with served(desk.app) as host, async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))

        async def only_us(route: Route) -> None:
            if route.request.url.startswith((f"http://{host}/", "data:")):
                await route.continue_()
            else:
                asked_elsewhere.append(route.request.url)
                await route.abort()

        await page.route("**/*", only_us)
        await page.goto(f"http://{host}/docs")
        await expect(page.locator(".opblock-tag", has_text="conversations")).to_be_visible(timeout=60_000)
        await page.locator(".opblock-tag", has_text="conversations").click()
        await page.locator(".opblock-summary-get", has_text="/api/v1/conversations/").first.click()
        await page.get_by_role("button", name="Try it out").click()
        await page.get_by_placeholder("conversation_id").fill(str(new_id()))
        await page.get_by_role("button", name="Execute").click()
        await expect(page.locator(".live-responses-table")).to_contain_text("request_id", timeout=60_000)
        await browser.close()
    assert asked_elsewhere == []
    assert [text for text in complaints if "422" not in text and "404" not in text] == []


async def test_what_the_page_is_drawn_with_is_there_and_nothing_else(desk: Desk) -> None:
    page = await desk.http.get("/docs")
    assert page.status_code == 200 and "https://" not in page.text
    assert "'self'" in page.headers["content-security-policy"]
    for name, there in (("swagger-ui-bundle.js", 200), ("swagger-ui.css", 200), ("core.py", 422)):
        assert (await desk.http.get(f"/docs/{name}")).status_code == there, name
    assert (await desk.http.get("/redoc")).status_code == 404
