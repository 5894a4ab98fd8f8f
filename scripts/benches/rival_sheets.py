"""Other ways to a PDF of A4 × 24 labels: reportlab's QR widget, and fpdf2 drawing rectangles."""

import io
import re

from fpdf import FPDF
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

COLUMNS, PER_PAGE = 3, 24
LABEL_MM, SYMBOL_MM = (70, 37), 20
_RUN = re.compile("1+")


def _place(number: int) -> tuple[int, int]:
    """Millimetres from the upper left of the page."""
    row, column = divmod(number % PER_PAGE, COLUMNS)
    return column * LABEL_MM[0], row * LABEL_MM[1]


def by_reportlab(texts: list[str], level: str) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for number, text in enumerate(texts):
        if number and number % PER_PAGE == 0:
            canvas.showPage()
        x, y = _place(number)
        widget = QrCodeWidget(text, barLevel=level, barWidth=SYMBOL_MM * mm, barHeight=SYMBOL_MM * mm)
        drawing = Drawing(SYMBOL_MM * mm, SYMBOL_MM * mm)
        drawing.add(widget)
        foot = A4[1] - (y + LABEL_MM[1]) * mm
        renderPDF.draw(drawing, canvas, x * mm, foot + 10 * mm)
        canvas.drawString(x * mm, foot + 4 * mm, text[-20:])
    canvas.save()
    return file.getvalue()


def by_fpdf2(codes: list[str], squares: list[list[str]]) -> bytes:
    """Rows of the symbols as "0101…" are given: only the drawing is measured."""
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    pdf.set_font("Courier", size=8)
    for number, (code, rows) in enumerate(zip(codes, squares, strict=True)):
        if number % PER_PAGE == 0:
            pdf.add_page()
        left, top = _place(number)
        module = SYMBOL_MM / len(rows)
        for y, row in enumerate(rows):
            for run in _RUN.finditer(row):
                pdf.rect(left + run.start() * module, top + y * module, len(run[0]) * module, module, "F")
        pdf.text(left, top + 30, code)
    return bytes(pdf.output())
