"""Layouts of labels: the standard ones, a firm's own, and how a label of theirs looks at its real size."""

from collections.abc import Callable
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from gi_trace.batches import layout_actions
from gi_trace.batches.label_faces import sample_face
from gi_trace.batches.label_layouts import LabelLayout, LayoutUnknown, find_own_layout, layout_of, layouts_of
from gi_trace.codes.digital_link import printed_prefix
from gi_trace.labels.layouts import LabelPart, Layout
from gi_trace.labels.lengths import lengths_text
from gi_trace.labels.typesetting import typeset
from gi_trace.registry.models import Party
from gi_trace.web.act_page import act_page, answer_here
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.label_previews import pixels_of
from gi_trace.web.enterprise.layout_form import LayoutForm
from gi_trace.web.guards import me, own_party
from gi_trace.web.words import label


@bp.get("/layouts")
def list_layouts() -> ResponseReturnValue:
    layouts = [(one, *pixels_of(one)) for one in layouts_of(own_party())]
    return render_template("enterprise/list_layouts.html", layouts=layouts)


@bp.route("/layouts/new", methods=["GET", "POST"])
def add_layout() -> ResponseReturnValue:
    """Beginning with one that exists, where the address names it."""
    party, name = own_party(), request.args.get("like")
    form = LayoutForm(layout_of(name, party) if name else None)

    def act() -> str:
        row = layout_actions.add_layout(party, _printable(form.layout(), party), by=me())
        return url_for(".show_layout", name=row.layout.name)

    return _form_page(form, act, back=url_for(".list_layouts"))


@bp.route("/layouts/<name>/change", methods=["GET", "POST"])
def change_layout(name: str) -> ResponseReturnValue:
    row = get_own_layout(name)
    form = LayoutForm(row.layout)

    def act() -> str:
        layout_actions.change_layout(row, _printable(form.layout(), row.party), by=me())
        return url_for(".show_layout", name=name)

    return _form_page(form, act, back=url_for(".show_layout", name=name))


@bp.get("/layouts/<name>")
def show_layout(name: str) -> ResponseReturnValue:
    layout, row = layout_of(name, own_party()), find_own_layout(name, own_party())
    width, height = pixels_of(layout)
    lengths = {
        _("纸张"): layout.page, _("标签"): layout.label, _("边距"): layout.margin, _("间隔"): layout.gap,
    }  # fmt: skip
    rows = [(title, lengths_text(both)) for title, both in lengths.items()]
    rows.append((_("列数 × 行数"), " × ".join(map(str, layout.grid))))
    rows.append((_("印的内容"), gettext("、").join(str(label(part)) for part in layout.parts)))
    face = sample_face(own_party(), current_app.config["PUBLIC_URL"])
    return render_template(
        "enterprise/show_layout.html",
        layout=layout,
        row=row,
        width=width,
        height=height,
        rows=rows,
        lacks_mark=LabelPart.MARK in layout.parts and not face.artwork,
    )


@act_page(
    bp,
    "/layouts/<name>/end",
    FlaskForm,
    _("停用标签排版"),
    on=lambda name: get_own_layout(name),
    rows=lambda row: [(_("排版名称"), row.title)],
    back=".list_layouts",
    done=_("已停用。以前用它印过的，仍可照原样再次下载。"),
)
def end_layout(row: LabelLayout, _form: FlaskForm) -> None:
    layout_actions.end_layout(row, by=me())


def get_own_layout(name: str) -> LabelLayout:
    row = find_own_layout(name, own_party())
    if row is None:
        raise LayoutUnknown(name=name)
    return row


def _printable(layout: Layout, party: Party) -> Layout:
    """Raises what a label would lack: room for its symbol, or for its texts."""
    public_url = current_app.config["PUBLIC_URL"]
    typeset(sample_face(party, public_url), layout, printed_prefix(public_url))
    return layout


def _form_page(form: LayoutForm, act: Callable[[], str], back: str) -> ResponseReturnValue:
    def page() -> str:
        return render_template("enterprise/layout_form.html", form=form, back=back, places=_places(form))

    return answer_here(form, act, page, done=_("排版已保存。请看看标签的样子，再打印一张试印页。"))


def _places(form: LayoutForm) -> list[Any]:
    return [form[f"place_{part}"] for part in LabelPart]
