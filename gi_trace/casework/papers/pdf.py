"""A paper as PDF, in the form in which it is signed and sealed. The same words and day give the same bytes."""

from datetime import datetime

from fpdf.enums import WrapMode
from fpdf.fonts import FontFace

from gi_trace.casework.papers.template import Draft, PaperBlock
from gi_trace.labels.paper import FONT, LINE_MM, Paper, printable

TITLE_SIZE, OFFICE_SIZE, TEXT_SIZE, SMALL_SIZE = 20, 14, 11, 9
OPINION_MM = 26
WIDTHS = {"证据": 14, "序号": 1, "数量": 2, "单价": 2, "货值": 2, "拍摄人": 2, "拍摄时间": 4, "SHA-256": 7}
WIDE_COLUMN = 4


class _Form(Paper):
    def centred(self, text: str, size: int) -> None:
        self.set_font(FONT, size=size)
        self._lines(0, size * 0.55, text, "C")
        self.set_font(FONT, size=TEXT_SIZE)

    def right(self, text: str) -> None:
        self._lines(0, LINE_MM, text, "R")

    def block(self, block: PaperBlock) -> None:
        getattr(self, f"_{block.kind}")(block)

    def _text(self, block: PaperBlock) -> None:
        self.text_block(block.texts[0])

    def _heading(self, block: PaperBlock) -> None:
        self.heading(block.texts[0], size=12)

    def _annex(self, block: PaperBlock) -> None:
        self.add_page()
        self.heading(block.texts[0], size=14)

    def _note(self, block: PaperBlock) -> None:
        self.set_font(FONT, size=SMALL_SIZE)
        self.text_block(block.texts[0])
        self.set_font(FONT, size=TEXT_SIZE)

    def _facts(self, block: PaperBlock) -> None:
        self.facts((label, value) for label, value in block.rows)
        self.ln(2)

    def _table(self, block: PaperBlock) -> None:
        columns = block.rows[0]
        widths = tuple(WIDTHS.get(name, WIDE_COLUMN) for name in columns)
        plain = FontFace(emphasis="", size_pt=SMALL_SIZE)
        with self.table(
            col_widths=widths, line_height=6, wrapmode=WrapMode.CHAR, headings_style=plain, text_align="LEFT"
        ) as table:
            for row in block.rows:
                table.row([printable(cell) for cell in row], style=plain)
        self.ln(2)

    def _opinions(self, block: PaperBlock) -> None:
        for who in block.texts:
            if self.get_y() + OPINION_MM > self.h - self.b_margin:
                self.add_page()
            top = self.get_y()
            self.rect(self.l_margin, top, self.epw, OPINION_MM)
            self._lines(0, LINE_MM, f" {who}：")
            self.set_xy(self.l_margin, top + OPINION_MM - LINE_MM)
            self.right("签名：＿＿＿＿＿＿＿　　　年　　月　　日 ")
            self.set_xy(self.l_margin, top + OPINION_MM)
        self.ln(2)

    def _signatures(self, block: PaperBlock) -> None:
        self.signatures(block.texts)

    def _seal(self, block: PaperBlock) -> None:
        """The office and the day below each other, with room for the seal over both."""
        if self.get_y() + 5 * LINE_MM > self.h - self.b_margin:
            self.add_page()
        self.ln(LINE_MM)
        office, _, day = block.texts[0].partition("　")
        self.right(f"{office}　　")
        self.right("（印章）　　　　")
        self.right(f"{day}　　")
        self.ln(LINE_MM)


def paper_pdf(draft: Draft, office: str, made_at: datetime) -> bytes:
    """Without a number it says on each page that it is a draft."""
    foot = (
        f"{office}　{draft.title}　{draft.number}".strip()
        if draft.number
        else f"草稿，不得送达　{draft.title}"
    )
    form = _Form(foot)
    form.set_creation_date(made_at)
    form.centred(office, OFFICE_SIZE)
    form.centred(draft.title, TITLE_SIZE)
    form.ln(2)
    form.right(draft.number or "【草稿：文号在签发时编】")
    form.ln(2)
    for block in draft.blocks:
        form.block(block)
    return form.finished()
