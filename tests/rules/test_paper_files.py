"""A paper's files: the PDF and the DOCX say the same words, each read back by a program that did not write it."""

import io
import re
from datetime import UTC, datetime

import mammoth
import pytest
from pypdf import PdfReader

from gi_trace.casework.papers.docx import paper_docx
from gi_trace.casework.papers.kinds import CasePaperKind, PaperFact, PaperTable
from gi_trace.casework.papers.pdf import paper_pdf
from gi_trace.casework.papers.template import NOTHING, Draft, template_of
from tests.libreoffice import words_of

OFFICE, AT = "示范市市场监督管理局", datetime(2026, 11, 24, 8, tzinfo=UTC)
KNOWN = {fact: f"示范的{fact.label}，第二句。\n另起一行" for fact in PaperFact}
TABLES = {
    table: [tuple(f"{name}{row}" for name in table.columns.split()) for row in (1, 2)] for table in PaperTable
}


def drawn(kind, known=KNOWN, tables=TABLES, number="示市监〔2026〕1号"):
    draft = template_of(kind).filled(known, tables, number=number)
    return draft, paper_pdf(draft, OFFICE, AT), paper_docx(draft, OFFICE, AT)


def words_of_pdf(file):
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages))


def words_of_docx(file):
    return squeezed(mammoth.extract_raw_text(io.BytesIO(file)).value)


def squeezed(text):
    """Without what each file puts between words: blanks, line breaks, lines to write on."""
    return re.sub(r"[\s_＿]+", "", text)


def parts(draft: Draft):
    """What stands in one place: paragraphs, labels and cells; of long ones, which may go over a page, the beginning."""
    for block in draft.blocks:
        texts = block.texts if block.kind != "seal" else block.texts[0].split("　")
        cells = [cell for row in block.rows for cell in row]
        for text in (*texts, *cells):
            yield from (squeezed(line)[:20] for line in text.split("\n"))


@pytest.mark.parametrize("kind", CasePaperKind)
def test_both_files_of_a_paper_say_all_of_its_words(kind):
    draft, pdf, docx = drawn(kind)
    assert draft.missing == ()
    for words in (words_of_pdf(pdf), words_of_docx(docx)):
        assert [part for part in (OFFICE, draft.number, *parts(draft)) if part not in words] == []


def test_libreoffice_opens_every_paper_with_all_of_its_words(tmp_path):
    drafts = {kind: drawn(kind) for kind in CasePaperKind}
    files = [tmp_path / f"{kind}.docx" for kind in CasePaperKind]
    for file, (_, _, docx) in zip(files, drafts.values(), strict=True):
        file.write_bytes(docx)
    shown = words_of(files, tmp_path)
    for kind, (draft, *_) in drafts.items():
        words = squeezed(shown[f"{kind}.docx"])
        assert [part for part in (draft.number, *parts(draft)) if part not in words] == [], kind


def test_a_draft_says_in_both_files_that_it_is_one_and_what_it_lacks():
    known = {fact: text for fact, text in KNOWN.items() if fact is not PaperFact.RESPONDENT_ADDRESS}
    draft, pdf, docx = drawn(CasePaperKind.PENALTY_NOTICE, known, number="")
    assert draft.missing == ("地址",)
    for words in (words_of_pdf(pdf), words_of_docx(docx)):
        assert "【待填：地址】" in words and "草稿" in words


def test_what_may_be_wanting_is_struck_out_and_is_not_missing():
    known = {fact: text for fact, text in KNOWN.items() if fact is not PaperFact.RESPONDENT_CODE}
    draft, *_ = drawn(CasePaperKind.CORRECTION, known)
    assert draft.missing == () and ("社会信用代码或证照号", NOTHING) in [
        row for one in draft.blocks for row in one.rows
    ]


def test_the_same_words_make_the_same_pdf():
    assert drawn(CasePaperKind.CORRECTION)[1] == drawn(CasePaperKind.CORRECTION)[1]


def test_a_paper_that_was_kept_as_data_is_the_same_paper():
    draft, *_ = drawn(CasePaperKind.DECISION)
    assert Draft.of_data(draft.as_data()) == draft


def test_long_papers_and_rare_characters_are_drawn_whole():
    known = KNOWN | {
        PaperFact.INTERVIEW_TEXT: "问：姓名？\n答：𠮷野家。\n" * 120,
        PaperFact.TITLE: "甲" * 300,
    }
    _, pdf, docx = drawn(CasePaperKind.INTERVIEW, known)
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 3
    assert words_of_pdf(pdf).count("姓名？") == words_of_docx(docx).count("姓名？") == 120
    assert "U+20BB7" in words_of_pdf(pdf) and "𠮷" in words_of_docx(docx)
