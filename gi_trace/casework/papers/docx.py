"""A paper as DOCX, to be edited in any word processor."""

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from gi_trace.casework.papers.template import Draft, PaperBlock

SONG = "SimSun"  # 宋体, under the name that every word processor knows or replaces
TITLE, OFFICE, TEXT, SMALL = Pt(20), Pt(14), Pt(11), Pt(9)
LABEL_MM, VALUE_MM = 42, 132
ROOM_TO_WRITE = "\n\n签名：＿＿＿＿＿＿＿　　　年　　月　　日"


def paper_docx(draft: Draft, office: str, made_at: datetime) -> bytes:
    """The same words as its PDF."""
    document = _empty(draft, office, made_at)
    _line(document, office, OFFICE, WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, draft.title, TITLE, WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, draft.number or "【草稿：文号在签发时编】", TEXT, WD_ALIGN_PARAGRAPH.RIGHT)
    for block in draft.blocks:
        WRITERS[block.kind](document, block)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _empty(draft: Draft, office: str, made_at: datetime) -> DocumentFile:
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = SONG, TEXT
    style.element.rPr.rFonts.set(qn("w:eastAsia"), SONG)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(18)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = draft.title, office, draft.number
    properties.created = properties.modified = made_at.replace(tzinfo=None)
    section.footer.paragraphs[0].text = draft.number or "草稿，不得送达"
    return document


def _line(document: DocumentFile, text: str, size: Pt, align: WD_ALIGN_PARAGRAPH | None = None) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.add_run(text).font.size = size
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _text(document: DocumentFile, block: PaperBlock) -> None:
    for line in block.texts[0].split("\n"):
        _line(document, line, TEXT)


def _heading(document: DocumentFile, block: PaperBlock) -> None:
    _line(document, block.texts[0], Pt(12)).runs[0].bold = True


def _annex(document: DocumentFile, block: PaperBlock) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _line(document, block.texts[0], OFFICE).runs[0].bold = True


def _note(document: DocumentFile, block: PaperBlock) -> None:
    _line(document, block.texts[0], SMALL)


def _facts(document: DocumentFile, block: PaperBlock) -> None:
    table = _grid(document, block.rows)
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(LABEL_MM), Mm(VALUE_MM)


def _table(document: DocumentFile, block: PaperBlock) -> None:
    _grid(document, block.rows)


def _opinions(document: DocumentFile, block: PaperBlock) -> None:
    _grid(document, [(f"{who}：{ROOM_TO_WRITE}",) for who in block.texts])


def _signatures(document: DocumentFile, block: PaperBlock) -> None:
    for role in block.texts:
        _line(document, f"{role}（签名）：＿＿＿＿＿＿＿＿＿＿　　日期：＿＿＿＿＿＿", TEXT)


def _seal(document: DocumentFile, block: PaperBlock) -> None:
    office, _, day = block.texts[0].partition("　")
    for line in ("", office, "（印章）", day):
        _line(document, line, TEXT, WD_ALIGN_PARAGRAPH.RIGHT)


def _grid(document: DocumentFile, rows: Sequence[Sequence[str]]) -> Table:
    table = document.add_table(len(rows), len(rows[0]), "Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph()
    return table


WRITERS: dict[str, Callable[[DocumentFile, PaperBlock], None]] = {
    "text": _text,
    "heading": _heading,
    "annex": _annex,
    "note": _note,
    "facts": _facts,
    "table": _table,
    "opinions": _opinions,
    "signatures": _signatures,
    "seal": _seal,
}
