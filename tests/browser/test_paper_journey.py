"""A paper at the desk: what is missing is marked, what is typed is in the draft, and the issued one comes as two files."""

import io
import zipfile

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.test_phone_layout import faults_of
from tests.casework import make_case

TYPED = {
    "责令改正的内容": "店主陈大文撤下货架上的包装",
    "联系人、电话和地址": "示范局稽查科",
    "复议机关和起诉的法院": "示范市人民政府；示范区人民法院",
}


def file_of(page: Page, name: str, role: str = "button") -> bytes:
    with page.expect_download() as downloaded:
        page.get_by_role(role, name=name).first.click()
    return downloaded.value.path().read_bytes()


def words_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_paper_is_marked_completed_and_issued_as_pdf_and_docx(service, page_of):
    with service.app_context():
        lead_id = make_case().lead_id
    zhao = page_of("zhao")
    zhao.goto(f"/authority/leads/{lead_id}/papers/correction")
    for label, words in TYPED.items():
        zhao.get_by_label(label).fill(words)
    draft = words_of(file_of(zhao, "下载草稿（PDF）"))
    assert "【待填：改正期限】" in draft and "示范局稽查科" in draft

    zhao.get_by_role("button", name="下一步：核对").click()
    expect(zhao.locator("mark")).to_have_text("陈大文")
    expect(zhao.get_by_text("尚缺：")).to_contain_text("改正期限")
    assert faults_of(zhao) == []
    zhao.get_by_label("改正期限").fill("三日内")
    zhao.get_by_label("我已核对全文").check()
    zhao.get_by_role("button", name="下一步：核对").click()
    zhao.get_by_role("button", name="确认提交").click()
    expect(zhao.get_by_text("已签发：示市监责改〔").first).to_be_visible()

    issued = words_of(file_of(zhao, "PDF", "link"))
    assert "陈某某撤下" in issued and "三日内" in issued and "待填" not in issued
    docx = zipfile.ZipFile(io.BytesIO(file_of(zhao, "DOCX", "link")))
    assert "陈某某撤下" in docx.read("word/document.xml").decode()
