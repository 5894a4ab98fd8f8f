"""What the labels of a batch say, and which layouts hold it."""

from urllib.parse import urlsplit

from gi_trace import clock
from gi_trace.batches.label_layouts import layouts_of
from gi_trace.batches.models import Batch
from gi_trace.codes.digital_link import printed_prefix
from gi_trace.errors import Refused
from gi_trace.labels.label_face import LabelFace, check_face
from gi_trace.labels.layouts import LabelPart, Layout
from gi_trace.labels.typesetting import typeset
from gi_trace.registry.models import Party, ProductBasis
from gi_trace.registry.rules import Basis
from gi_trace.stock.rules.seasons import parse_season
from gi_trace.stock.rules.weights import kilograms


def check_printable(batch: Batch, *, public_url: str) -> None:
    """What a label lacks by its legal ground, or that no layout holds it, is said before ordering."""
    check_face(label_face(batch))
    layouts = layouts_of(batch.party)
    why_not = misfits(batch, layouts, public_url=public_url)
    if len(why_not) == len(layouts):
        raise next(iter(why_not.values()))


def misfits(batch: Batch, layouts: list[Layout], *, public_url: str) -> dict[str, Refused]:
    """Names of the layouts too small for the batch's labels, each with what a download would refuse."""
    face, prefix, found = label_face(batch, public_url), prefix_of(batch, public_url), {}
    for layout in layouts:
        try:
            typeset(face, layout, prefix)
        except Refused as refusal:
            found[layout.name] = refusal
    return found


def left_out(batch: Batch, layout: Layout, public_url: str, dots_per_inch: int) -> set[LabelPart]:
    """What the batch's labels have no room for in a layout that holds the rest."""
    face, prefix = label_face(batch, public_url), prefix_of(batch, public_url)
    return typeset(face, layout, prefix, dots_per_inch=dots_per_inch).left_out


def prefix_of(batch: Batch, public_url: str) -> str:
    """The printed address before the code."""
    return printed_prefix(public_url, batch.product.gtin, batch.number)


def label_face(batch: Batch, public_url: str = "") -> LabelFace:
    """The texts of every label of a batch, and the official mark as the authority supplied it."""
    ground = batch.product.on_basis(batch.authorisation.basis)
    return LabelFace(
        product=batch.printed_product,
        enterprise=batch.printed_name,
        uscc=batch.printed_uscc,
        batch=batch.number_text,
        net_weight=weight_words(batch.net_weight_g),
        basis=basis_line(batch),
        mark_text=mark_text(batch.authorisation.basis, ground),
        age=batch.age.label if batch.age else "",
        season=_season_line(batch.season),
        packed_on=batch.packed_on.isoformat(),
        best_before=batch.best_before.isoformat() if batch.best_before else "",
        address=batch.party.entry_on(batch.packed_on).address,
        website=urlsplit(public_url).netloc,
        artwork=ground.artwork if ground else None,
    )


def _season_line(codes: str) -> str:
    """First and last; an empty first one of two is opening stock."""
    if not codes:
        return ""
    return "–".join(parse_season(code).label if code else "系统启用前" for code in codes.split("–"))


def weight_words(grams: int) -> str:
    """As a label says it (GB 7718): grams below a kilogram."""
    return f"{grams} 克" if grams < 1000 else f"{kilograms(grams)} 千克"


def mark_text(basis: Basis, ground: ProductBasis | None) -> str:
    name = ground.mark_name if ground and basis == Basis.CERTIFICATION else ""
    return f"{name}{basis.label}"


def basis_line(batch: Batch) -> str:
    """What a label owes to its legal ground (CNIPA announcement 354, 2020): for a protected product the
    standard or announcement, for a certification mark the mark with its registration number."""
    ground = batch.product.on_basis(batch.authorisation.basis)
    number = (ground.number if ground else "") or batch.printed_number
    if batch.authorisation.basis == Basis.CERTIFICATION:
        mark = ground.mark_name if ground else ""
        return f"{mark}证明商标 第 {number} 号" if mark and number else ""
    standards = [
        s for s in batch.product.standards if not (s.valid_until and s.valid_until < batch.packed_on)
    ]
    return f"执行标准 {standards[-1].code}" if standards else number


def sample_face(party: Party, public_url: str) -> LabelFace:
    """The texts of a label whose batch does not exist yet, as long as they usually are."""
    day = clock.today().isoformat()
    product = party.authorisations[-1].product.name if party.authorisations else "产品名称"
    return LabelFace(
        product=product,
        enterprise=party.name,
        uscc=party.uscc or "0" * 18,
        batch="00000",
        net_weight="500 克",
        basis="执行标准 DB44/T 0000-2026",
        mark_text="地理标志产品",
        age="入库 2021 · 陈化 4 年",
        season="2025 年产季",
        packed_on=day,
        best_before=day,
        address=party.address,
        website=urlsplit(public_url).netloc,
        artwork=_some_mark(party),
    )


def _some_mark(party: Party) -> bytes | None:
    grounds = [right.product.on_basis(right.basis) for right in party.authorisations]
    return next((ground.artwork for ground in grounds if ground and ground.artwork), None)
