"""The slow phone of `scripts/bench pack`: an installed patrol app with its pack, measured inside the page."""

import base64
import io

from flask import Flask
from PIL import Image
from playwright.sync_api import Page, Playwright
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from gi_trace.accounts.models import find_account
from gi_trace.accounts.passwords import hasher
from gi_trace.database import act

CHROMIUM = "/usr/bin/chromium"
SLOWER = 4
PASSWORD = "a-long-bench-password"
FRAME = (1280, 720)

VERDICTS = """async (texts) => {
    const { loadState, lookAt } = await import("/static/js/patrol/state.js");
    await loadState();
    await lookAt(texts[0]);
    const times = [];
    for (const text of texts) {
        const start = performance.now();
        const look = await lookAt(text);
        times.push(performance.now() - start);
        if (!["valid", "void"].includes(look.verdict)) throw new Error(`${text}: ${look.verdict}`);
    }
    return times.sort((a, b) => a - b);
}"""

FRAMES = """async (frames) => {
    const { read } = await import("/static/js/patrol/scanner.js");
    const images = await Promise.all(frames.map(async (data) => createImageBitmap(
        new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], { type: "image/jpeg" }))));
    await read(images[0], images[0].width, images[0].height, 720);
    let decoded = 0, number = 0;
    const start = performance.now();
    for (; performance.now() - start < 4000; number++) {
        const image = images[number % images.length];
        if (await read(image, image.width, image.height, 720)) decoded++;
    }
    return { perSecond: number * 1000 / (performance.now() - start), share: decoded / number };
}"""


@act
def sign_in_on(app: Flask) -> None:
    officer = find_account("bench")
    assert officer is not None
    officer.password_hash = hasher.hash(PASSWORD)


def open_phone(playwright: Playwright, address: str) -> Page:
    """Signed in, with the pack downloaded through the app, then slowed down."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    page = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 740}, locale="zh-CN"
    ).new_page()
    page.goto("/sign-in")
    page.get_by_label("登录名").fill("bench")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/inspector/")
    page.goto("/inspector/patrol#pack")
    page.get_by_label("新会陈皮").wait_for()
    page.get_by_role("button", name="下载或更新离线包").click()
    page.get_by_text("离线包已更新").wait_for(timeout=120_000)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def verdict_ms(page: Page, texts: list[str]) -> float:
    """95th percentile of the time from a decoded text to its verdict."""
    times = page.evaluate(VERDICTS, texts)
    return times[int(len(times) * 0.95)]


def decode_fps(page: Page, code: str, address: str) -> float:
    """Camera frames looked at a second, most of them with a symbol in them, some without."""
    frames = [frame(f"{address}/c/{code}", turn) for turn in (0, 7, 20, 45)] + [frame("", 0)]
    found = page.evaluate(FRAMES, frames)
    assert found["share"] >= 0.6, found
    return found["perSecond"]


def frame(text: str, turn: int) -> str:
    picture = Image.effect_noise(FRAME, 30).convert("RGB")
    if text:
        symbol = QRCode(error_correction=ERROR_CORRECT_M, box_size=8)
        symbol.add_data(text)
        held = symbol.make_image().get_image().convert("RGB").rotate(turn, expand=True, fillcolor="white")
        picture.paste(held, ((FRAME[0] - held.width) // 2, (FRAME[1] - held.height) // 2))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80)
    return base64.b64encode(file.getvalue()).decode()
