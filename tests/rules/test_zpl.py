"""Labels for label printers, drawn by a small printer of our own and compared with the PDF of the same labels."""

import re

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from gi_trace.labels.label_face import LabelTextMissing
from gi_trace.labels.sheets import DOTS_PER_MM
from gi_trace.labels.standard_layouts import STANDARD_LAYOUTS
from gi_trace.labels.zpl import zpl_labels
from tests.rules.test_sheets import FACE, PREFIX, ROLL, rendered, sheet, units, written

COMMAND = re.compile(r"\^(XA|XZ|XG|FO|FD|FS|GFA|A0|PW|LL|LH|ID|~)([^\^]*)")


class Printer:
    """Understands the few commands of ZPL II that our labels use; anything else fails. True is black."""

    def __init__(self, text):
        self.stored, self.labels, self.texts = {}, [], []
        for line in text.splitlines():
            if line.startswith("~DG"):
                name, size, row, data = line[3:].split(",", 3)
                self.stored[name] = graphic(int(size), int(row), data)
            else:
                self.obey(line)

    def obey(self, line):
        commands = COMMAND.findall(line)
        assert "".join(f"^{name}{rest}" for name, rest in commands) == line, "a command nobody knows"
        paper, at = np.zeros((numbers(commands, "LL")[0], numbers(commands, "PW")[0]), bool), (0, 0)
        for name, rest in commands:
            if name == "FO":
                at = numbers([(name, rest)], name)
            elif name == "GFA":
                _, size, _, row, data = rest.split(",", 4)
                draw(paper, graphic(int(size), int(row), data), at)
            elif name == "XG":
                draw(paper, self.stored[rest.split(",")[0]], at)
        self.texts += [rest for name, rest in commands if name == "FD"]
        self.labels += [paper] * bool(paper.size)
        for removed in (rest for name, rest in commands if name == "ID"):
            del self.stored[removed]


def numbers(commands, wanted):
    """Of the command in a label; (0,) where there is none."""
    return next((tuple(map(int, rest.split(","))) for name, rest in commands if name == wanted), (0,))


def graphic(size, row, data):
    lines = []
    while data:
        if data[0] == ":":
            lines, data = [*lines, lines[-1]], data[1:]
        else:
            lines, data = [*lines, bytes.fromhex(data[: 2 * row])], data[2 * row :]
    assert len(lines) * row == size
    return np.unpackbits(np.frombuffer(b"".join(lines), np.uint8).reshape(-1, row), axis=1).astype(bool)


def draw(paper, image, at):
    """What a printer leaves out because it lies beyond the label must be white."""
    x, y = at
    inside = image[: paper.shape[0] - y, : paper.shape[1] - x]
    assert inside.sum() == image.sum()
    paper[y : y + inside.shape[0], x : x + inside.shape[1]] |= inside


def printed(run, layout=ROLL, **options):
    return Printer(written(zpl_labels(FACE, run, layout, PREFIX, **options)).decode())


def near(ink):
    """Dots at most one away: two programs round the edges of small type differently."""
    return np.array(Image.fromarray(ink).convert("L").filter(ImageFilter.MaxFilter(3))) > 0


def read(paper):
    return zxingcpp.read_barcode(Image.fromarray(~paper)).text


@pytest.mark.parametrize("level", ["L", "M", None])
def test_every_label_of_a_roll_is_read_back(level):
    run = units(1, 1200)
    printer = printed(run, level=level)
    assert [read(paper) for paper in printer.labels] == [PREFIX + code for code in run.codes()]
    lines = zip(*[iter(printer.texts)] * 3, strict=True)
    assert ["".join(code).replace(" ", "") for *code, _unit in lines] == run.codes()
    assert [text.strip() for text in printer.texts[2::3]] == [str(unit) for unit in range(1, 1201)]
    assert printer.stored == {}, "nothing of ours stays in the printer"


@pytest.mark.parametrize("dots_per_inch", DOTS_PER_MM)
@pytest.mark.parametrize("layout", STANDARD_LAYOUTS.values(), ids=STANDARD_LAYOUTS)
def test_every_layout_is_printed_at_every_resolution(layout, dots_per_inch):
    """Its real size, its symbol read back, its last and longest unit number on the label."""
    [paper] = printed(units(4194303, 4194303), layout, dots_per_inch=dots_per_inch).labels
    wanted = [side * DOTS_PER_MM[dots_per_inch] / 10 for side in layout.label]
    assert list(paper.shape[::-1]) == pytest.approx(wanted, abs=1)
    assert read(paper) == PREFIX + units(4194303, 4194303).codes()[0]


def test_a_label_is_the_same_as_on_paper(tmp_path):
    [paper] = printed(units(7, 7)).labels
    [page] = rendered(sheet(units(7, 7), ROLL), tmp_path)
    on_paper = np.array(page) < 128
    height, width = (min(sizes) for sizes in zip(paper.shape, on_paper.shape, strict=True))
    compared = np.ones((height, width), bool)
    compared[height - 125 : height - 41, 180:] = False  # unit and code are in the printer's own type
    ours, theirs = paper[:height, :width] & compared, on_paper[:height, :width] & compared
    symbol = np.s_[: height - 41, :180]
    assert (ours ^ theirs)[symbol].sum() < 0.05 * theirs[symbol].sum()
    assert (ours & theirs).sum() > 0.9 * theirs.sum() and (ours ^ theirs).sum() < 0.16 * theirs.sum()
    assert (near(ours) & theirs).sum() > 0.99 * theirs.sum(), "no line is missing"
    assert (near(theirs) & ours).sum() > 0.99 * ours.sum(), "no line is too many"


def test_nothing_is_printed_in_the_quiet_zone():
    """On all sides and in its corners, four modules wide; a reader tells the symbol's edges to three dots."""
    [paper] = printed(units(7, 7)).labels
    where = zxingcpp.read_barcode(Image.fromarray(~paper)).position
    left, right, top, bottom = where.top_left.x, where.top_right.x, where.top_left.y, where.bottom_left.y
    slack, quiet = 3, 4 * 5
    around = paper[top - quiet + 2 : bottom + quiet - 1, left - quiet + 2 : right + quiet - 1].copy()
    assert around.shape[0] > bottom - top + 30 and around.shape[1] > right - left + 30
    inner = quiet - 2 - slack
    around[inner:-inner, inner:-inner] = False
    assert not around.any()


def test_a_label_that_lacks_something_is_refused():
    with pytest.raises(LabelTextMissing):
        zpl_labels(FACE.__class__(**vars(FACE) | {"uscc": " "}), units(1, 1), ROLL, PREFIX)
