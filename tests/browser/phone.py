"""An inspector's phone: a Chromium profile of its own that can be cut off, killed and opened again."""

import io
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from gi_trace.batches.labels import FileOptions, label_file
from gi_trace.batches.models import PrintRun
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE_S, PHONE
from tests.cast import PASSWORD

PATROL = "/inspector/patrol"


class Phone:
    """`camera` is a video file that its camera shows; without one it has no camera permission."""

    def __init__(self, chromium: Browser, address: str, folder: Path, camera: Path | None = None):
        self.chromium, self.address, self.folder, self.camera = chromium, address, folder, camera
        self.context: BrowserContext
        self.page: Page

    def switch_on(self, *, offline: bool = False) -> Page:
        """The browser opened anew; what it kept on disk is there again."""
        seeing = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        seeing += [f"--use-file-for-fake-video-capture={self.camera}"]
        self.context = self.chromium.browser_type.launch_persistent_context(
            self.folder,
            executable_path=CHROMIUM,
            args=[*ARGUMENTS, *(seeing if self.camera else [])],
            base_url=self.address,
            viewport=PHONE,
            locale="zh-CN",
            offline=offline,
            geolocation={"latitude": 22.5, "longitude": 113.03, "accuracy": 12},
            permissions=["geolocation"],
            timeout=PATIENCE_S * 1000,
        )
        self.context.set_default_timeout(PATIENCE_S * 1000)
        self.page = self.context.pages[0]
        return self.page

    def kill(self) -> None:
        """As when the battery dies: no page hears of it."""
        mine = f"--user-data-dir={self.folder}"
        parts = [part for part in psutil.process_iter(["cmdline"]) if mine in (part.info["cmdline"] or [])]
        with self.context.expect_event("close"):
            for part in parts:
                part.kill()
        psutil.wait_procs(parts, timeout=PATIENCE_S)

    def switch_off(self) -> None:
        if self.page.is_closed():
            return
        self.context.close()

    def sign_in(self, name: str = "chen") -> None:
        self.page.goto("/sign-in")
        self.page.get_by_label("登录名").fill(name)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url("**/inspector/")

    def open_app(self) -> Page:
        return open_app(self.page)


def open_app(page: Page) -> Page:
    page.goto(PATROL)
    return started(page)


def reload_app(page: Page) -> Page:
    page.reload()
    return started(page)


def started(page: Page) -> Page:
    """The app has read what lies on the phone; before that it knows neither its officer nor the time."""
    expect(page.locator("body")).to_have_attribute("data-ready", "1")
    return page


def wait_until(page: Page, holds: Callable[[], bool], seconds: int = PATIENCE_S) -> None:
    """For what no locator shows; the page lives on meanwhile, and may be reloading."""
    end = time.monotonic() + seconds
    while not _holds(holds):
        assert time.monotonic() < end, "it never came to be"
        page.wait_for_timeout(50)


def _holds(holds: Callable[[], bool]) -> bool:
    try:
        return holds()
    except Error as error:
        if "context was destroyed" in error.message:
            return False
        raise


def download_pack(page: Page) -> None:
    go(page, "pack")
    expect(page.get_by_label("新会陈皮")).to_be_checked()
    page.get_by_role("button", name="下载或更新离线包").click()
    expect(page.get_by_text("离线包已更新，签名核对无误。")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def go(page: Page, screen: str) -> None:
    page.evaluate("screen => { location.hash = screen; }", screen)
    expect(page.locator(f'[data-screen="{screen}"]')).to_be_visible()


def start_visit(page: Page, shop: str = "示范干货店", colleague: str = "he") -> None:
    go(page, "visit-form")
    expect(page.get_by_text("已定位")).to_be_visible()
    page.get_by_label("店铺", exact=True).select_option(value="")  # where another one stands, it is proposed
    page.get_by_label("店铺名称", exact=True).fill(shop)
    page.get_by_label("地址", exact=True).fill("示范路 8 号")
    page.get_by_label("另一名执法人员").select_option(label=colleague)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator('[data-screen="visit"]')).to_be_visible()


def type_code(page: Page, code: str) -> None:
    go(page, "scan")
    page.get_by_label("手工输入标识码").fill(code)
    page.get_by_role("button", name="查验").click()
    expect(page.locator('[data-screen="result"]')).to_be_visible()


def choose_offence(page: Page, code: str = "mark_without_right") -> None:
    page.locator(f"#offence-{code}").check()


def save_finding(page: Page, **answers: str) -> None:
    go(page, "finding")
    choose_offence(page)
    for label, text in ({"单价（元）": "38.50"} | answers).items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="保存发现").click()
    expect(page.locator('[data-screen="visit"]')).to_be_visible()


def items(page: Page) -> list[dict[str, Any]]:
    """The outbox as the officer who is signed in reads it."""
    return page.evaluate('import("/static/js/patrol/outbox.js").then((outbox) => outbox.items())')


UNSENT = (
    'import("/static/js/patrol/outbox.js").then((outbox) => outbox.unsent()).then((items) => items.length)'
)


def expect_all_sent(page: Page, seconds: int = PATIENCE_S) -> None:
    """By the word on the screen, which may be from before what was made last; then by the outbox itself."""
    count = page.locator("#outbox-count")
    expect(count).to_have_text("已全部上传", timeout=seconds * 1000)
    wait_until(page, lambda: page.evaluate(UNSENT) == 0, seconds)
    expect(count).to_have_text("已全部上传")


def printed_label(run: PrintRun, public_url: str, folder: Path) -> tuple[Image.Image, str]:
    """One label of the run's sheet as a printer makes it, and the address that it carries."""
    sheet = folder / "sheet.pdf"
    sheet.write_bytes(b"".join(label_file(run, FileOptions("pdf"), public_url=public_url).file.made().parts))
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", sheet, folder / "sheet"], check=True)
    paper = Image.open(folder / "sheet.png").convert("RGB")
    found = zxingcpp.read_barcodes(paper)[0]
    corner, far = found.position.top_left, found.position.bottom_right
    label = paper.crop((corner.x - 60, corner.y - 60, far.x + 60, far.y + 60))
    return label, found.text


def film_of(label: Image.Image, path: Path) -> Path:
    """What a camera sees that is held over the label, as a film for Chromium's fake camera."""
    frames = []
    for turn in (0, 4, 8):
        frame = Image.new("RGB", (640, 480), (120, 100, 80))
        held = label.resize((360, 360)).rotate(turn, expand=True, fillcolor=(120, 100, 80))
        frame.paste(held, ((640 - held.width) // 2, (480 - held.height) // 2))
        file = io.BytesIO()
        frame.save(file, "JPEG", quality=85)
        frames.append(file.getvalue())
    path.write_bytes(b"".join(frames))
    return path
