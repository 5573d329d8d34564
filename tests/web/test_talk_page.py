"""The talk page in a real browser: by keyboard alone, and by voice with a WAV as its microphone."""

from __future__ import annotations

import shutil
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Page, async_playwright, expect

from agent.lines import Lines
from agent.registry import Registry
from agent.speech.engine import SpeechEngine
from agent.stored_calls import StoredCalls
from simulate.voice import PiperVoice
from stores.db import Database
from tests.speech.conftest import model_cache
from tests.web.conftest import HOUSE, Desk, served

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FAKE_DEVICE = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

Visit = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
async def visit(desk: Desk) -> AsyncIterator[Visit]:
    """Open the talk page of the served application; what the browser complains of fails the test."""
    async with served(desk.app) as host, async_playwright() as driver:

        @asynccontextmanager
        async def visiting(*flags: str, **context: Any) -> AsyncIterator[Page]:
            browser = await driver.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
            page = await (await browser.new_context(**context)).new_page()
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
            try:
                await page.goto(f"http://{host}/talk")
                yield page
            finally:
                await browser.close()
            assert not complaints

        yield visiting


async def typed(page: Page, words: str) -> None:
    """Type into what has the focus, send with Enter, wait for an answer."""
    answers = page.locator("#log li.agent")
    before = await answers.count()
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type(words)
    await page.keyboard.press("Enter")
    await expect(answers.nth(before)).to_be_visible()


async def test_a_set_up_by_keyboard_alone(visit: Visit, desk: Desk) -> None:
    async with visit(viewport={"width": 390, "height": 844}) as page:
        await expect(page.locator("#line")).to_have_value(HOUSE)
        await expect(page.locator("#write")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#log")).to_contain_text("I'm an AI")
        await expect(page.get_by_role("status")).to_have_text("Connected. Type your answers.")
        await typed(page, "Acme Realty")
        await typed(page, "Colorado")
        await expect(page.locator("#slots")).to_contain_text("Acme Realty")
        await expect(page.get_by_role("img", name="confirmed")).to_have_count(1)
        width = await page.evaluate("() => document.documentElement.scrollWidth")
        assert width <= 390, "nothing sticks out of a telephone's screen"

        for _ in range(10):
            await page.keyboard.press("Shift+Tab")
            if await page.locator("#stop").evaluate("(e) => e === document.activeElement"):
                break
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Not connected")
        await expect(page.locator("#text")).to_be_disabled()
        await expect(page.locator("#write")).to_be_focused()
        await page.keyboard.press("Space")
        await expect(page.locator("#slots")).to_be_empty()
        await expect(page.locator("#log li.agent")).to_have_count(3)


async def test_everything_has_a_name(visit: Visit) -> None:
    async with visit() as page:
        await page.locator("#write").click()
        await expect(page.locator("#log li.agent")).to_have_count(3)
        told = await page.locator("body").aria_snapshot()
    for part in (
        'heading "Talk to the agent"',
        'combobox "Number"',
        'button "Type"',
        'button "Speak"',
        'button "Hang up"',
        'log "What was said"',
        'textbox "Your words"',
        'button "Send"',
        'complementary "What the agent has noted"',
    ):
        assert part in told, told


async def test_trouble_with_the_microphone_is_said_and_typing_goes_on(visit: Visit) -> None:
    async with visit() as page:
        await page.locator("#speak").click()
        await expect(page.locator("#log")).to_contain_text("No microphone was found")
    async with visit("--use-fake-device-for-media-stream", "--deny-permission-prompts") as page:
        await page.locator("#speak").click()
        await expect(page.locator("#log")).to_contain_text("The browser did not give the microphone")
        await page.locator("#write").click()
        await typed(page, "Acme Realty")
    async with visit(*FAKE_DEVICE) as page:
        await page.locator("#write").click()
        await typed(page, "Acme Realty")
        await page.locator("#speak").click()
        await expect(page.locator("#log")).to_contain_text(
            "Voice is switched off here. You can type instead."
        )
        await expect(page.get_by_role("status")).to_have_text(
            "Paused, your answers are kept. Type or speak to go on."
        )
        await page.locator("#write").click()
        await expect(page.locator("#log")).to_contain_text("Welcome back")
        await typed(page, "Colorado")


async def test_a_cut_line_goes_on_where_it_was(visit: Visit, desk: Desk) -> None:
    async with visit() as page:
        sockets: list[Any] = []
        page.on("websocket", lambda socket: sockets.append(socket))
        await page.locator("#write").click()
        await typed(page, "Acme Realty")
        (line,) = desk.app.state.live
        await line._socket.close(1011)
        await expect(page.locator("#log")).to_contain_text("The line was cut")
        await page.locator("#write").press("Enter")
        await expect(page.locator("#log li").last).to_contain_text("Which states do you work in?")
        await typed(page, "Colorado")
        assert len(sockets) >= 2


async def microphone(path: Path, *parts: str | float) -> Path:
    """A WAV of words and pauses (seconds)."""
    voice, pieces = PiperVoice(), []
    for part in parts:
        sound = np.zeros(int(part * 8000), np.int16) if isinstance(part, float) else await voice.samples(part)
        pieces.append(sound)
    await voice.close()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.concatenate(pieces).astype("<i2").tobytes())
    return path


@pytest.fixture
async def telephone(desk: Desk, db: Database, tmp_path: Path) -> AsyncIterator[Any]:
    """Real ears and a real voice."""
    engine, parts = SpeechEngine(model="base"), desk.app.state.parts
    await engine.load(model_cache())
    await engine.warm()
    book = StoredCalls(db, parts.clock, onboarding_number=HOUSE, process="test")
    lines = Lines(parts, engine, book, data_dir=tmp_path)
    desk.app.state.telephone = SimpleNamespace(state="ok", registry=Registry(2), lines=lines)
    yield desk.app.state.telephone
    engine.close()


@pytest.mark.speech
@pytest.mark.slow
async def test_a_set_up_goes_on_by_voice(visit: Visit, desk: Desk, telephone: Any, tmp_path: Path) -> None:
    sound = await microphone(tmp_path / "microphone.wav", 9.0, "We work in Colorado.", 60.0)
    async with visit(*FAKE_DEVICE, f"--use-file-for-fake-audio-capture={sound}%noloop") as page:
        heard = 0

        def count(frame: Any) -> None:
            nonlocal heard
            heard += len(frame) if isinstance(frame, bytes) else 0

        page.on("websocket", lambda socket: socket.on("framereceived", count))
        await page.locator("#write").click()
        await typed(page, "Acme Realty")
        await page.locator("#speak").press("Enter")
        await expect(page.get_by_role("status")).to_have_text("On the line. Speak now.")
        await expect(page.locator("#log li.agent").last).to_contain_text("Which states do you work in?")
        await expect(page.locator("#log li.caller").last).to_contain_text("Colorado", timeout=30_000)
        await expect(page.locator("#slots")).to_contain_text("CO")
        await expect(page.locator("#log li.agent small").last).to_contain_text("answered after")
        assert heard > 16_000 * 2, "a second of sound at least came to the loudspeaker"
        # and back to the keyboard, in the middle
        await page.locator("#speak").press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Connected. Type your answers.")
        await page.locator("#text").focus()
        await typed(page, "yes")
        assert len(telephone.registry) == 0
