"""Layouts of labels as data: a page, labels on it, and what stands where on each. Pure.

All lengths are whole tenths of a millimetre, as (across, down), from the upper left.
"""

from dataclasses import dataclass, replace

from gi_trace.errors import N_, Refused
from gi_trace.words import Worded

A4 = (2100, 2970)
LARGEST_PAGE = 8000
SMALLEST_SHEET = 1480  # the short side of A5: whatever is smaller runs through a label printer
SHEET_EDGE = 50  # printers of sheets leave 4.3 mm white
LABEL_EDGE = 10  # what a roll or a cutter may be off
SLACK = 5  # half a millimetre too much is cut off, not refused
ADDRESS_BY_THE_CODE = 2  # the arrangement in which the address to type has a legible line of its own
SMALL_LABEL = 100_000  # of less than 10 cm² the pack itself carries what is left out


class LayoutLargerThanPage(Refused):
    code = "layout_larger_than_page"
    text = N_("标签排版超出纸张：需要 {needed_mm} 毫米，纸张为 {page_mm} 毫米。请减小边距、间距或行列数。")


class LabelsOverlap(Refused):
    code = "labels_overlap"
    text = N_("标签尺寸和行列数须大于 0，间距不能小于 0。")


class NudgedOffPage(Refused):
    code = "nudged_off_page"
    text = N_("这样移动，标签上要读的内容会印到纸外。最多还能移动 {most_mm} 毫米。")


class StartOutsideSheet(Refused):
    code = "start_outside_sheet"
    text = N_("起始位置应为 1 至 {most}。")


class PartsOverlap(Refused):
    code = "parts_overlap"
    text = N_("{one}和{other}在标签上互相重叠。请改变其中一个的位置或大小。")


class PartMissing(Refused):
    code = "part_missing"
    text = N_("标签缺少{missing}：公告第 354 号要求印出的内容，10 平方厘米以上的标签都要有。")


class PartWithoutPlace(Refused):
    code = "part_without_place"
    text = N_("此排版没有给{missing}留位置，请改用别的排版，或在排版里加上。")


class LabelPart(Worded):
    """What may stand on a label, in the order of a block of texts."""

    SYMBOL = "symbol", N_("二维码")
    CODE = "code", N_("标识码")
    UNIT = "unit", N_("件号")
    PRODUCT = "product", N_("产品名称")
    MARK_TEXT = "mark_text", N_("地理标志字样")
    ENTERPRISE = "enterprise", N_("企业名称")
    BATCH = "batch", N_("批次号")
    NET_WEIGHT = "net_weight", N_("净含量")
    AGE = "age", N_("陈化年份")
    SEASON = "season", N_("产季")
    PACKED_ON = "packed_on", N_("包装日期")
    BEST_BEFORE = "best_before", N_("保质期")
    USCC = "uscc", N_("统一社会信用代码")
    BASIS = "basis", N_("标准号或注册号")
    ADDRESS = "address", N_("企业地址")
    WEBSITE = "website", N_("查验网址")
    MARK = "mark", N_("官方标志")
    LOGO = "logo", N_("企业标识图")
    HIDDEN = "hidden", N_("涂层密码框")


NO_TEXTS = (
    LabelPart.SYMBOL,
    LabelPart.CODE,
    LabelPart.UNIT,
    LabelPart.MARK,
    LabelPart.LOGO,
    LabelPart.HIDDEN,
)
TEXTS = tuple(part for part in LabelPart if part not in NO_TEXTS)
ALWAYS = (LabelPart.SYMBOL, LabelPart.CODE)
OWED = (
    LabelPart.PRODUCT,
    LabelPart.ENTERPRISE,
    LabelPart.BATCH,
    LabelPart.NET_WEIGHT,
    LabelPart.USCC,
    LabelPart.BASIS,
)


@dataclass(frozen=True)
class Place:
    """Where some parts stand on a label; several texts share one type size, one below the other."""

    parts: tuple[LabelPart, ...]
    x: int
    y: int
    width: int
    height: int

    @property
    def quiet(self) -> int:
        """White that must stay around it: four modules of 0.42 mm are 1.7, of which LABEL_EDGE is there anyway."""
        return 7 if LabelPart.SYMBOL in self.parts else 0

    @property
    def reach(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """(first, last) across and down of what must not be cut off."""
        return (
            (self.x - self.quiet, self.x + self.width + self.quiet),
            (self.y - self.quiet, self.y + self.height + self.quiet),
        )


@dataclass(frozen=True)
class Layout:
    """`places` are those of all parts, or none: then they are arranged by the service, in the way that `arrangement`
    says: what was printed in one way is printed in it again.

    The offset moves all that is printed.
    """

    name: str
    title: str
    page: tuple[int, int]
    label: tuple[int, int]
    grid: tuple[int, int]
    margin: tuple[int, int]
    gap: tuple[int, int]
    parts: tuple[LabelPart, ...]
    places: tuple[Place, ...] = ()
    version: int = 1
    arrangement: int = 1
    offset: tuple[int, int] = (0, 0)
    logo: bytes | None = None

    @property
    def labels(self) -> int:
        return self.grid[0] * self.grid[1]

    @property
    def edge(self) -> int:
        """Of the page, within which nothing is printed that must be read."""
        return SHEET_EDGE if min(self.page) >= SMALLEST_SHEET else LABEL_EDGE

    @property
    def room(self) -> tuple[int, int]:
        """Of what stands on a label, so that it can be moved clear of the page's edge in every cell."""
        across, down = (min(last - first for first, last in self.clear(axis)) for axis in (0, 1))
        return max(0, across), max(0, down)

    @property
    def room_corner(self) -> tuple[int, int]:
        """Where the room begins on a label: in its middle."""
        (across, down), (width, height) = self.room, self.label
        return (width - across) // 2, (height - down) // 2

    def starts(self, axis: int) -> list[int]:
        """Where the columns or rows begin on the page, as designed."""
        step = self.label[axis] + self.gap[axis]
        return [self.margin[axis] + number * step for number in range(self.grid[axis])]

    def clear(self, axis: int) -> list[tuple[int, int]]:
        """(first, last) of what may be printed on, on the labels of each column or row."""
        size, page = self.label[axis], self.page[axis]
        return [
            (max(LABEL_EDGE, self.edge - start), min(size - LABEL_EDGE, page - self.edge - start))
            for start in self.starts(axis)
        ]


def is_small(label: tuple[int, int]) -> bool:
    return label[0] * label[1] < SMALL_LABEL


def check_layout(layout: Layout, start: int = 1) -> None:
    """Every label lies on the page, none over another, and the first cell used is one of the page's."""
    for axis in (0, 1):
        label, gap, number = layout.label[axis], layout.gap[axis], layout.grid[axis]
        if label <= 0 or number < 1 or gap < 0:
            raise LabelsOverlap()
        needed = layout.margin[axis] + number * label + (number - 1) * gap
        page = min(layout.page[axis], LARGEST_PAGE)
        if layout.margin[axis] < -SLACK or needed > page + SLACK:
            raise LayoutLargerThanPage(needed_mm=needed / 10, page_mm=page / 10)
    if not 1 <= start <= layout.labels:
        raise StartOutsideSheet(most=layout.labels)


def sound_layout(layout: Layout) -> Layout:
    """As it may be kept: its places moved clear of the edges. Raises what is wrong with it."""
    check_layout(layout)
    check_parts(layout)
    if not layout.places:
        return layout
    layout = settled(layout)
    check_places(layout)
    return layout


def check_parts(layout: Layout) -> None:
    """What is owed by announcement 354 (CNIPA, 2020) is on a label that has room for it."""
    owed = ALWAYS if is_small(layout.label) else (*ALWAYS, *OWED)
    for part in owed:
        if part not in layout.parts:
            raise PartMissing(missing=part.label)


def check_places(layout: Layout) -> None:
    """Every part has one, and none lies over another."""
    places = layout.places
    placed = {part for place in places for part in place.parts}
    for part in layout.parts:
        if part not in placed:
            raise PartWithoutPlace(missing=part.label)
    for number, one in enumerate(places):
        for other in places[number + 1 :]:
            if _overlap(one, other):
                raise PartsOverlap(one=one.parts[0].label, other=other.parts[0].label)


def settled(layout: Layout) -> Layout:
    """Places moved, and cut where they are too large, until all of them can be read in every cell of the page."""
    if all(_extent(layout, axis) <= layout.room[axis] for axis in (0, 1)) and _is_inside(layout):
        return layout
    corner = layout.room_corner
    return replace(layout, places=tuple(_within(place, corner, layout.room) for place in layout.places))


def nudged(layout: Layout, margin: tuple[int, int] | None, offset: tuple[int, int]) -> Layout:
    """Moved on its page, by margins other than its own and by an offset: what must be read stays on the page, what
    need not be is cut off."""
    margin = layout.margin if margin is None else margin
    across, down = (offset[axis] + margin[axis] - layout.margin[axis] for axis in (0, 1))
    for axis, way in enumerate((across, down)):
        starts, clear = layout.starts(axis), layout.clear(axis)
        least, most = -(starts[0] + clear[0][0]), layout.page[axis] - starts[-1] - clear[-1][1]
        if not least <= way <= most:
            raise NudgedOffPage(most_mm=(most if way > 0 else -least) / 10)
    return replace(layout, offset=(across, down))


def moves(layout: Layout, axis: int) -> list[int]:
    """How far what stands on a label is moved in each column or row to be clear of the page's edge."""
    first, last = _reach(layout, axis)
    return [
        max(0, clear_first - first) - max(0, last - clear_last)
        for clear_first, clear_last in layout.clear(axis)
    ]


def _reach(layout: Layout, axis: int) -> tuple[int, int]:
    reaches = [place.reach[axis] for place in layout.places]
    return min(first for first, _last in reaches), max(last for _first, last in reaches)


def _extent(layout: Layout, axis: int) -> int:
    first, last = _reach(layout, axis)
    return last - first


def _is_inside(layout: Layout) -> bool:
    reaches = [(_reach(layout, axis), layout.label[axis]) for axis in (0, 1)]
    return all(first >= LABEL_EDGE and last <= size - LABEL_EDGE for (first, last), size in reaches)


def _within(place: Place, corner: tuple[int, int], room: tuple[int, int]) -> Place:
    quiet, moved = place.quiet, []
    for at, size, start, space in zip(
        (place.x, place.y), (place.width, place.height), corner, room, strict=True
    ):
        size = min(size, space - 2 * quiet)
        moved.append((min(max(at, start + quiet), start + space - quiet - size), size))
    (x, width), (y, height) = moved
    return replace(place, x=x, y=y, width=width, height=height)


def _overlap(one: Place, other: Place) -> bool:
    return all(
        first + SLACK < other_last and other_first + SLACK < last
        for (first, last), (other_first, other_last) in zip(one.reach, other.reach, strict=True)
    )
