"""The official mark as it is printed on labels: the authority supplies it as a file."""

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms import FileField

from gi_trace.errors import NotFound
from gi_trace.registry.models import ProductBasis
from gi_trace.registry.product_actions import set_artwork
from gi_trace.registry.rules import Basis
from gi_trace.web.act_page import Rows, act_page
from gi_trace.web.authority import bp
from gi_trace.web.authority.products import at_product, get_product
from gi_trace.web.guards import me
from gi_trace.web.words import label

ADDRESS = "/products/<code>/bases/<any(protected, certification):basis>/artwork"


class ArtworkForm(FlaskForm):
    file = FileField(
        _("标志图样"),
        [FileRequired(_("请选择文件。"))],
        description=_("4 MB 以内的 PNG 或 JPEG；印在每枚标签上。"),
    )


def _rows(ground: ProductBasis) -> Rows:
    return [(_("产品"), ground.product.name), (_("保护依据"), label(ground.basis))]


def get_ground(code: str, basis: str) -> ProductBasis:
    ground = get_product(code).on_basis(Basis(basis))
    if ground is None:
        raise NotFound
    return ground


@act_page(
    bp,
    ADDRESS,
    ArtworkForm,
    _("上传标志图样"),
    on=get_ground,
    rows=_rows,
    back=lambda ground: at_product(ground.product),
    done=_("标志图样已更新，以后下载的标签都会印上。"),
    submit=_("上传"),
)
def put_artwork(ground: ProductBasis, form: ArtworkForm) -> None:
    set_artwork(ground, form.file.data.read(), by=me())


@bp.get(f"{ADDRESS}/image")
def show_artwork(code: str, basis: str) -> ResponseReturnValue:
    artwork = get_ground(code, basis).artwork
    if artwork is None:
        raise NotFound
    return Response(artwork, mimetype="image/png" if artwork.startswith(b"\x89PNG") else "image/jpeg")
