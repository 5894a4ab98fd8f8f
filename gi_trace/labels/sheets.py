"""Where labels stand on a sheet and what stands where on a label.

All lengths inside are whole dots of 300 to the inch, from the lower left: a module of a whole number of
dots is drawn evenly by every printer of 300 or 600 dots.
"""

from dataclasses import dataclass

from gi_trace.errors import N_, Refused

DOTS_PER_MM = 300 / 25.4
QUIET_MODULES = 4
SMALLEST_MODULE = 4  # 0.34 mm: smaller ones are lost on label paper and by old phones
COMFORTABLE_MODULE = 5  # 0.42 mm
LARGEST_MODULE = 7  # 0.59 mm
LARGEST_SHEET_MM = 800
A4 = (210, 297)
TOLERANCE_MM = 0.001
CUT_MARK_MM = 1.5
CODE_TEXT_LENGTH = 23  # four groups of five and three blanks
CODE_TYPE = 30  # 2.5 mm
MONOSPACED_WIDTH = 0.6
HIDDEN_HEIGHT, HIDDEN_WIDTH = 40, 152  # 3.4 × 12.9 mm, room for 1234-5678
HIDDEN_TYPE = 24


class TemplateLargerThanSheet(Refused):
    code = "template_larger_than_sheet"
    text = N_("标签排版超出纸张：需要 {needed_mm} 毫米，纸张为 {sheet_mm} 毫米。请减小边距、偏移或行列数。")


class SymbolTooLarge(Refused):
    code = "symbol_too_large"
    text = N_(
        "网址太长，{label}的标签放不下 {modules} × {modules} 格的二维码。请改用较大的标签或较短的网址。"
    )


class LabelsOverlap(Refused):
    code = "labels_overlap"
    text = N_("标签互相重叠：间距不能小于标签尺寸，行列数不能小于 1。")


class StartOutsideSheet(Refused):
    code = "start_outside_sheet"
    text = N_("起始位置应为 1 至 {most}。")


@dataclass(frozen=True)
class SheetTemplate:
    """A sheet of labels; sizes in millimetres as (across, down). The offset moves all that is printed."""

    name: str
    title: str
    sheet_mm: tuple[float, float]
    label_mm: tuple[float, float]
    grid: tuple[int, int]
    margin_mm: tuple[float, float]
    pitch_mm: tuple[float, float]
    padding_mm: float
    mark_mm: float
    symbol_share: float = 0.42  # of the label's width
    in_full: bool = True
    offset_mm: tuple[float, float] = (0, 0)

    @property
    def labels(self) -> int:
        return self.grid[0] * self.grid[1]

    @property
    def sheet_dots(self) -> tuple[int, int]:
        return dots(self.sheet_mm[0]), dots(self.sheet_mm[1])


def _touching(name, title, sheet_mm, label_mm, grid, margin_mm, **rest) -> SheetTemplate:
    return SheetTemplate(name, title, sheet_mm, label_mm, grid, margin_mm, pitch_mm=label_mm, **rest)


_24 = _touching(
    "a4-24", N_("A4 纸 24 枚（70 × 37 毫米）"), A4, (70, 37), (3, 8), (0, 0.5), padding_mm=2.5, mark_mm=13
)
_40 = _touching(
    "a4-40", N_("A4 纸 40 枚（52.5 × 29.7 毫米）"), A4, (52.5, 29.7), (4, 10), (0, 0), padding_mm=2, mark_mm=9
)
_ROLL = _touching(
    "roll-30x20",
    N_("卷装 30 × 20 毫米"),
    (30, 20),
    (30, 20),
    (1, 1),
    (0, 0),
    padding_mm=0.5,
    mark_mm=0,
    symbol_share=0.56,
    in_full=False,
)
TEMPLATES = {template.name: template for template in (_24, _40, _ROLL)}


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class LabelLayout:
    """A label in dots. The symbol box is without its quiet zone."""

    width: int
    height: int
    module: int
    symbol: Box
    code: Box
    text: Box
    mark: Box | None
    hidden: Box | None


def check_template(template: SheetTemplate, start: int = 1) -> None:
    """Every label lies on the sheet, none over another, and the first cell used is one of the sheet's."""
    for axis in (0, 1):
        margin, offset = template.margin_mm[axis], template.offset_mm[axis]
        label, pitch, number = template.label_mm[axis], template.pitch_mm[axis], template.grid[axis]
        if label <= 0 or number < 1 or (number > 1 and pitch < label):
            raise LabelsOverlap()
        needed = margin + max(offset, 0) + (number - 1) * pitch + label
        sheet = min(template.sheet_mm[axis], LARGEST_SHEET_MM)
        if margin + min(offset, 0) < -TOLERANCE_MM or needed > sheet + TOLERANCE_MM:
            raise TemplateLargerThanSheet(needed_mm=round(needed, 1), sheet_mm=sheet)
    if not 1 <= start <= template.labels:
        raise StartOutsideSheet(most=template.labels)


def dots(millimetres: float) -> int:
    return round(millimetres * DOTS_PER_MM)


def corners(template: SheetTemplate) -> list[tuple[int, int]]:
    """Lower left corners of the labels, in reading order."""
    left, top = (
        margin + offset for margin, offset in zip(template.margin_mm, template.offset_mm, strict=True)
    )
    (across, down), (columns, rows) = template.pitch_mm, template.grid
    height = template.sheet_mm[1] - template.label_mm[1]
    return [
        (dots(left + column * across), dots(height - top - row * down))
        for row in range(rows)
        for column in range(columns)
    ]


def cut_marks(template: SheetTemplate) -> bytes:
    """Hairline crosses at the corners of every label."""
    width, height, arm = dots(template.label_mm[0]), dots(template.label_mm[1]), dots(CUT_MARK_MM)
    points = {(x + right, y + up) for x, y in corners(template) for right in (0, width) for up in (0, height)}
    crosses = (
        b"%d %d m %d %d l %d %d m %d %d l" % (x - arm, y, x + arm, y, x, y - arm, x, y + arm)
        for x, y in sorted(points)
    )
    return b"0.5 w\n%b S" % b"\n".join(crosses)


def module_of(template: SheetTemplate, symbol_size: int) -> int:
    """Dots of a module in the largest drawing of a symbol that fits a label; 0 if the smallest does not."""
    width, height, foot = dots(template.label_mm[0]), dots(template.label_mm[1]), _foot(template).height
    for module in range(LARGEST_MODULE, SMALLEST_MODULE - 1, -1):
        quiet = QUIET_MODULES * module
        needed = max(dots(template.padding_mm), quiet) + symbol_size * module + quiet
        if needed + dots(template.padding_mm) + foot <= height and needed <= width * template.symbol_share:
            return module
    return 0


def layout(template: SheetTemplate, symbol_size: int, *, with_mark: bool, with_hidden: bool) -> LabelLayout:
    """The symbol at the upper left, the code along the foot, texts at the right; or SymbolTooLarge."""
    module = module_of(template, symbol_size)
    if not module:
        raise SymbolTooLarge(label=template.title, modules=symbol_size)
    width, height = dots(template.label_mm[0]), dots(template.label_mm[1])
    padding, quiet, side = dots(template.padding_mm), QUIET_MODULES * module, symbol_size * module
    edge = max(padding, quiet)
    code = _foot(template)
    left, top = edge + side + quiet, height - padding
    mark_side = dots(template.mark_mm) if with_mark else 0
    bottom = code.y + code.height + padding + (HIDDEN_HEIGHT if with_hidden else 0)
    text_width = width - padding - left - (mark_side + padding if mark_side else 0)
    return LabelLayout(
        width,
        height,
        module,
        symbol=Box(edge, height - edge - side, side, side),
        code=code,
        text=Box(left, bottom, text_width, top - bottom),
        mark=Box(width - padding - mark_side, top - mark_side, mark_side, mark_side) if mark_side else None,
        hidden=Box(left, bottom - padding // 2 - HIDDEN_HEIGHT, HIDDEN_WIDTH, HIDDEN_HEIGHT)
        if with_hidden
        else None,
    )


def _foot(template: SheetTemplate) -> Box:
    """The line of the code, in the largest type that leaves it on one line."""
    padding = dots(template.padding_mm)
    width = dots(template.label_mm[0]) - 2 * padding
    return Box(padding, padding, width, min(CODE_TYPE, int(width / (CODE_TEXT_LENGTH * MONOSPACED_WIDTH))))
