"""A firm's clerk scans a spoilt label into the form that takes it out of use."""

import json

import pytest
import qrcode
from playwright.sync_api import expect

from tests.cast import code, make_batch, make_print_run

# A camera that sees one symbol: the machine of the tests has none.
CAMERA = """
navigator.mediaDevices.getUserMedia = async () => {
  const modules = MODULES, dot = 10, canvas = document.createElement("canvas");
  canvas.width = canvas.height = modules.length * dot;
  const paper = canvas.getContext("2d");
  setInterval(() => modules.forEach((row, y) => row.forEach((dark, x) => {
    paper.fillStyle = dark ? "black" : "white";
    paper.fillRect(x * dot, y * dot, dot, dot);
  })), 50);
  return canvas.captureStream(20);
};
"""


def seen_by_the_camera(text: str) -> str:
    symbol = qrcode.QRCode()
    symbol.add_data(text)
    return CAMERA.replace("MODULES", json.dumps(symbol.get_matrix()))


@pytest.fixture
def run(service):
    """Its number, and the address on one of its labels."""
    with service.app_context():
        run = make_print_run(make_batch())
        return run.id, f"{service.config['PUBLIC_URL']}/c/{code(run.batch, 7)}"


def test_a_label_held_before_the_camera_stands_in_the_field_once(run, page_of):
    run_id, address = run
    page = page_of("lin")
    page.add_init_script(seen_by_the_camera(address))
    page.goto(f"/enterprise/print-runs/{run_id}/mark")
    page.get_by_role("button", name="用摄像头扫码").click()
    expect(page.get_by_label("件号", exact=True)).to_have_value(f"{address}\n")
    page.wait_for_timeout(500)  # it is still there
    expect(page.get_by_label("件号", exact=True)).to_have_value(f"{address}\n")
    page.get_by_role("button", name="停止扫码").click()
    page.get_by_label("作废 —").check()
    page.get_by_label("共几件").fill("1")
    page.get_by_label("原因").fill("卡纸")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("7（共 1 件）")).to_be_visible()


def test_what_is_scanned_takes_the_place_of_the_units_proposed(run, page_of):
    run_id, address = run
    page = page_of("lin")
    page.add_init_script(seen_by_the_camera(address))
    page.goto(f"/enterprise/print-runs/{run_id}")
    expect(page.get_by_label("件号", exact=True)).to_have_value("1-100")
    page.get_by_role("button", name="用摄像头扫码").click()
    expect(page.get_by_label("件号", exact=True)).to_have_value(f"{address}\n")
