"""How a label looks at its real size before it is ordered, and a sample's symbol for whoever designs a box.

All of them carry a code that says that it is a sample.
"""

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from gi_trace import clock
from gi_trace.batches.label_faces import label_face, left_out, misfits, prefix_of, sample_face
from gi_trace.batches.label_layouts import layout_of, layouts_of, usual_layout
from gi_trace.codes.digital_link import printed_prefix
from gi_trace.errors import NotFound, Refused
from gi_trace.keys import epoch_of_year, keys
from gi_trace.labels.box_artwork import box_artwork
from gi_trace.labels.download import Units, sample_of
from gi_trace.labels.label_face import LabelFace
from gi_trace.labels.label_picture import label_picture, png_of
from gi_trace.labels.layouts import LabelPart, Layout
from gi_trace.labels.sheets import DOTS_PER_MM, PAPER
from gi_trace.labels.symbols import LEVELS
from gi_trace.labels.typesetting import typeset
from gi_trace.registry.models import Product
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.label_files import RESOLUTIONS
from gi_trace.web.enterprise.layout_form import LengthsField
from gi_trace.web.enterprise.own import get_own_batch
from gi_trace.web.forms import refusal_text
from gi_trace.web.guards import own_party
from gi_trace.web.words import layout_title

PIXELS_PER_MM = 96 / 25.4  # of CSS
ARTWORK = {"svg": "image/svg+xml", "pdf": "application/pdf"}


class PreviewForm(FlaskForm):
    """Asked by the address: nothing is written."""

    class Meta:
        csrf = False

    layout = SelectField(
        _("标签排版"),
        choices=lambda: [SelectChoice(one.name, layout_title(one)) for one in layouts_of(own_party())],
    )
    dots_per_inch = SelectField(_("打印机的分辨率（dpi）"), choices=RESOLUTIONS, default=PAPER, coerce=int)

    def __init__(self) -> None:
        super().__init__(request.args, layout=request.args.get("layout") or usual_layout(own_party()))


class SideField(LengthsField):
    count = 1


class BoxArtworkForm(FlaskForm):
    """Asked by the address: nothing is written."""

    class Meta:
        csrf = False

    product = SelectField(
        _("产品"), choices=lambda: [SelectChoice(one.code, one.name) for one in _own_products()]
    )
    side = SideField(_("二维码边长（毫米，不含静区）"), default=(200,))
    level = SelectField(_("纠错级别"), choices=[SelectChoice(one, one) for one in LEVELS], default="Q")

    def __init__(self) -> None:
        super().__init__(request.args if "side" in request.args else None)


@bp.get("/box-artwork")
def show_box_artwork() -> ResponseReturnValue:
    return render_template("enterprise/box_artwork.html", form=BoxArtworkForm())


@bp.get("/box-artwork.<any(svg, pdf):kind>")
def download_box_artwork(kind: str) -> ResponseReturnValue:
    """For a batch that does not exist yet; refused on the page that asked."""
    form = BoxArtworkForm()
    if not form.validate():
        return render_template("enterprise/box_artwork.html", form=form), 422
    try:
        file = box_artwork(*_sample(form.product.data), form.level.data, form.side.data[0], kind)
    except Refused as refusal:
        form.form_errors.append(refusal_text(refusal))
        return render_template("enterprise/box_artwork.html", form=form), 422
    name = f"sample-{form.product.data}-{form.side.data[0] / 10:g}mm.{kind}"
    return Response(
        file,
        mimetype=ARTWORK[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _sample(product_code: str) -> tuple[Units, str]:
    product = next(one for one in _own_products() if one.code == product_code)
    sample = sample_of(keys().by_epoch[_epoch()])
    return sample, printed_prefix(current_app.config["PUBLIC_URL"], product.gtin, sample.batch_number)


def _own_products() -> list[Product]:
    return list(dict.fromkeys(right.product for right in own_party().authorisations))


@bp.get("/layouts/<name>/label.png")
def show_sample_label(name: str) -> ResponseReturnValue:
    """With the firm's own name and otherwise texts of a sample."""
    party, public_url = own_party(), current_app.config["PUBLIC_URL"]
    sample = sample_of(keys().by_epoch[_epoch()])
    face, prefix = sample_face(party, public_url), printed_prefix(public_url)
    return _picture(face, layout_of(name, party), prefix, sample, PAPER)


@bp.get("/batches/<int:number>/preview")
def preview_labels(number: int) -> ResponseReturnValue:
    """A label of the batch at its real size, before anything is ordered."""
    batch, form = get_own_batch(number), PreviewForm()
    form.validate()
    layout = layout_of(form.layout.data, batch.party)
    width, height = pixels_of(layout)
    lacks_mark = (
        LabelPart.MARK in layout.parts and not label_face(batch, current_app.config["PUBLIC_URL"]).artwork
    )
    public_url, dots_per_inch = current_app.config["PUBLIC_URL"], _resolution(form)
    why_not = misfits(batch, [layout], public_url=public_url)
    lacks = set() if why_not else left_out(batch, layout, public_url, dots_per_inch)
    return render_template(
        "enterprise/preview_labels.html",
        batch=batch,
        form=form,
        layout=layout,
        width=width,
        height=height,
        lacks_mark=lacks_mark,
        lacks_address=LabelPart.WEBSITE in lacks,
        why_not=refusal_text(why_not[layout.name]) if why_not else "",
    )


@bp.get("/batches/<int:number>/label.png")
def show_batch_label(number: int) -> ResponseReturnValue:
    batch, form = get_own_batch(number), PreviewForm()
    public_url = current_app.config["PUBLIC_URL"]
    sample = sample_of(keys().by_epoch[batch.epoch], batch.number)
    layout, face = layout_of(form.layout.data, batch.party), label_face(batch, public_url)
    return _picture(face, layout, prefix_of(batch, public_url), sample, _resolution(form))


def _resolution(form: PreviewForm) -> int:
    if form.dots_per_inch.data not in DOTS_PER_MM:
        raise NotFound
    return form.dots_per_inch.data


def pixels_of(layout: Layout) -> tuple[int, int]:
    """Of CSS, at real size."""
    across, down = (round(side / 10 * PIXELS_PER_MM) for side in layout.label)
    return across, down


def _picture(
    face: LabelFace, layout: Layout, prefix: str, sample: Units, dots_per_inch: int
) -> ResponseReturnValue:
    label = typeset(face, layout, prefix, dots_per_inch=dots_per_inch)
    return Response(png_of(label_picture(label, sample), dots_per_inch), mimetype="image/png")


def _epoch() -> int:
    return epoch_of_year(clock.today().year)
