"""A4 papers for signing and filing: headings, facts, texts, photos, lines for signatures."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from gi_trace.labels.fonts import CHINESE, FOLDER

FONT, FONT_FILE = "NotoSansSC", FOLDER / CHINESE
MARGIN_MM, LINE_MM, LABEL_MM = 18, 7, 42
NEVER_FIRST = "，。、；：？！）》〕】”’…,.;:!?)"
PHOTO_WIDTH_MM, PHOTO_HEIGHT_MM = 84, 63


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    """The characters that the vendored font has."""
    with TTFont(FONT_FILE) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """No character is lost in silence: one that the font lacks is printed as its number."""
    known = _known()
    return "".join(one if ord(one) in known or one in "\n\t" else f"[U+{ord(one):04X}]" for one in text)


class Paper(FPDF):
    """One document; `foot` stands at the foot of each page before its number."""

    def __init__(self, foot: str):
        super().__init__(format="A4")
        self.foot = printable(foot)
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(True, margin=MARGIN_MM)
        self.add_font(FONT, fname=FONT_FILE)
        self.set_font(FONT, size=11)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN_MM + 4)
        self.set_font(FONT, size=8)
        self.cell(0, 5, f"{self.foot}　第 {self.page_no()} 页，共 {{nb}} 页", align="C")
        self.set_font(FONT, size=11)

    def heading(self, text: str, size: int = 14, room_mm: int = 3 * MARGIN_MM) -> None:
        """On a new page when less than `room_mm` is left, so that no heading stands alone."""
        if self.get_y() > self.h - room_mm:
            self.add_page()
        self.ln(3)
        self.set_font(FONT, size=size)
        self._lines(0, size * 0.6, text)
        self.set_font(FONT, size=11)
        self.ln(1)

    def facts(self, rows: Iterable[tuple[str, object]]) -> None:
        """Label and value side by side, with a rule below each."""
        for label, value in rows:
            top, page = self.get_y(), self.page
            self.set_x(MARGIN_MM + LABEL_MM)
            self._lines(self.epw - LABEL_MM, LINE_MM, str(value) or "—")
            bottom, last = self.get_y(), self.page
            self.page = page
            self.set_xy(MARGIN_MM, top)
            self._lines(LABEL_MM, LINE_MM, label)
            bottom = max(bottom, self.get_y()) if self.page == last else bottom
            self.page = last
            self.set_xy(MARGIN_MM, bottom)
            self.line(MARGIN_MM, bottom, MARGIN_MM + self.epw, bottom)

    def text_block(self, text: str) -> None:
        self._lines(0, LINE_MM, text)
        self.ln(1)

    def photos(self, photos: Iterable[tuple[Path | None, str]]) -> None:
        """Two in a row with captions; a photo without a copy for viewing keeps its place in words."""
        left = True
        for path, caption in photos:
            if left and self.get_y() + PHOTO_HEIGHT_MM + 3 * LINE_MM > self.h - MARGIN_MM:
                self.add_page()
            x, y = MARGIN_MM + (0 if left else self.epw / 2), self.get_y()
            if path is not None:
                self.image(path, x, y, PHOTO_WIDTH_MM, PHOTO_HEIGHT_MM, keep_aspect_ratio=True)
            self.rect(x, y, PHOTO_WIDTH_MM, PHOTO_HEIGHT_MM)
            self.set_xy(x, y + PHOTO_HEIGHT_MM)
            self.set_font(FONT, size=8)
            self.multi_cell(PHOTO_WIDTH_MM, 4, printable(caption), wrapmode=WrapMode.CHAR)
            self.set_font(FONT, size=11)
            self.set_xy(MARGIN_MM, y if left else y + PHOTO_HEIGHT_MM + 3 * LINE_MM)
            left = not left
        if not left:
            self.set_y(self.get_y() + PHOTO_HEIGHT_MM + 3 * LINE_MM)

    def signatures(self, roles: Iterable[str]) -> None:
        for role in roles:
            if self.get_y() > self.h - 2 * MARGIN_MM:
                self.add_page()
            self.ln(6)
            self.cell(0, LINE_MM, printable(f"{role}（签名）：____________________　　日期：____________"))
            self.ln(LINE_MM)

    def finished(self) -> bytes:
        return bytes(self.output())

    def _lines(self, width: float, height: float, text: str, align: str = "L") -> None:
        room = (width or self.epw) - 2 * self.c_margin
        self.multi_cell(
            width,
            height,
            "\n".join(self._broken(printable(text), room)),
            wrapmode=WrapMode.CHAR,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
            align=align,
        )

    def _broken(self, text: str, room: float) -> Iterator[str]:
        """In lines of that width; none begins with what closes a sentence."""
        for line in text.split("\n"):
            start, width = 0, 0.0
            for place, one in enumerate(line):
                own = self.get_string_width(one)
                if width + own > room and place > start:
                    end = place
                    while end > start + 1 and line[end] in NEVER_FIRST:
                        end -= 1
                    yield line[start:end]
                    start, width = end, self.get_string_width(line[end:place])
                width += own
            yield line[start:]
