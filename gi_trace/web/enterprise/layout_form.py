"""The form of a firm's own layout of labels."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FileField, StringField
from wtforms.validators import Optional

from gi_trace.evidence.artwork import drawn_anew
from gi_trace.labels.layouts import (
    ADDRESS_BY_THE_CODE,
    ALWAYS,
    OWED,
    LabelPart,
    Layout,
    Place,
    sound_layout,
)
from gi_trace.labels.lengths import lengths_text, parse_lengths
from gi_trace.web.forms import AtMost, ChoicesField, ReadField, needed
from gi_trace.web.words import choices_of, label

USUAL = (*ALWAYS, LabelPart.UNIT, *OWED, LabelPart.MARK, LabelPart.WEBSITE)


class LengthsField(ReadField):
    """Two lengths, across and down; kept in tenths of a millimetre."""

    count = 2

    def read(self, typed: str) -> Any:
        return parse_lengths(typed, self.count)

    def text(self) -> str:
        return lengths_text(self.data) if self.data else ""


class PlaceField(LengthsField):
    count = 4

    def text(self) -> str:
        return lengths_text(self.data, " ") if self.data else ""


class CountsField(LengthsField):
    """Two counts."""

    def read(self, typed: str) -> Any:
        return tuple(tenths // 10 for tenths in parse_lengths(typed, self.count))

    def text(self) -> str:
        return " × ".join(map(str, self.data)) if self.data else ""


class LayoutForm(FlaskForm):
    title = StringField(_("排版名称"), [needed(), AtMost(40)])
    page = LengthsField(
        _("纸张（宽 × 高，毫米）"), [needed()], description=_("A4 为 210 × 297；卷装填一枚标签的尺寸。")
    )
    label = LengthsField(_("一枚标签（宽 × 高，毫米）"), [needed()])
    grid = CountsField(_("列数 × 行数"), [needed()], description=_("卷装填 1 × 1。"))
    margin = LengthsField(_("左边距 × 上边距（毫米）"), [needed()])
    gap = LengthsField(_("横向间隔 × 纵向间隔（毫米）"), [needed()])
    parts = ChoicesField(_("印哪些内容"), [needed()], choices=choices_of(LabelPart))
    logo = FileField(
        _("企业标识图"),
        [Optional()],
        description=_("4 MB 以内的 PNG 或 JPEG。不选就沿用原来的。"),
    )

    def __init__(self, layout: Layout | None = None) -> None:
        """Filled in as a layout that exists."""
        super().__init__(**(_answers(layout) if layout else {"parts": list(USUAL)}))

    def layout(self) -> Layout:
        """Sound, with the logo drawn anew. Raises what is wrong with it."""
        uploaded = self.logo.data.read() if self.logo.data else b""
        chosen = tuple(part for part in LabelPart if part in self.parts.data)
        given = [(part, self[f"place_{part}"].data) for part in chosen]
        layout = Layout(
            "",
            self.title.data.strip(),
            self.page.data,
            self.label.data,
            self.grid.data,
            self.margin.data,
            self.gap.data,
            parts=chosen,
            places=tuple(Place((part,), *place) for part, place in given if place),
            arrangement=ADDRESS_BY_THE_CODE,
            logo=drawn_anew(uploaded) if uploaded else None,
        )
        return sound_layout(layout)


for _part in LabelPart:
    setattr(LayoutForm, f"place_{_part}", PlaceField(label(_part), [Optional()]))


def _answers(layout: Layout) -> dict[str, Any]:
    names = ("title", "page", "label", "grid", "margin", "gap")
    places = {
        f"place_{place.parts[0]}": (place.x, place.y, place.width, place.height) for place in layout.places
    }
    return {name: getattr(layout, name) for name in names} | {"parts": list(layout.parts)} | places
