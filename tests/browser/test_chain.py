"""The main job, on the sheet that the PDF really prints: from an authorised firm to a checked label."""

import subprocess

import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.cast import LIN_USCC


def read_sheet(pdf, folder):
    """Every address on the sheet, read from its pixels at print resolution by a decoder that is not ours."""
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "-png", pdf, folder / "page"], check=True)
    pages = [Image.open(path) for path in sorted(folder.glob("page*.png"))]
    return [found.text for page in pages for found in zxingcpp.read_barcodes(page)]


def test_from_an_authorised_firm_to_a_checked_label(service, page_of, tmp_path):
    lin = page_of("lin", accept_downloads=True)
    lin.get_by_role("link", name="登记新批次").click()
    lin.get_by_label("生产批号").fill("2026-11-甲")
    lin.get_by_label("每件净含量（克）").fill("250")
    lin.get_by_label("件数").fill("30")
    lin.get_by_label("包装日期").fill(
        lin.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})")
    )
    lin.get_by_role("button", name="下一步：核对").click()
    expect(lin.get_by_text("7.5 千克")).to_be_visible()
    lin.get_by_role("button", name="确认登记").click()
    lin.get_by_role("link", name="下单印制标识").click()
    lin.get_by_role("button", name="下单").click()
    with lin.expect_download() as download:
        lin.get_by_role("button", name="下载 A4 标签（PDF）").click()
    sheet = tmp_path / "sheet.pdf"
    download.value.save_as(sheet)
    addresses = read_sheet(sheet, tmp_path)
    assert len(addresses) == len(set(addresses)) == 30
    assert all(address.startswith(service.config["PUBLIC_URL"]) for address in addresses)

    shopper = page_of()
    shopper.goto(addresses[0])
    expect(shopper.get_by_role("heading", level=1)).to_have_text("标识尚未启用")

    lin.reload()
    lin.get_by_role("button", name="启用这些件号").click()
    expect(lin.get_by_text("本印制批已全部启用")).to_be_visible()
    for address in addresses:
        shopper.goto(address)
        expect(shopper.get_by_role("heading", level=1)).to_have_text("标识有效")
    expect(shopper.get_by_text(LIN_USCC)).to_be_visible()
