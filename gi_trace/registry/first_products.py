"""The three products of Jiangmen. What no source tells stays empty, for the authority to fill in."""

from datetime import date

from gi_trace.database import act, db
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import (
    Area,
    Conversion,
    Crop,
    CropYield,
    Material,
    Product,
    ProductBasis,
    Seasons,
    Standard,
    all_products,
)
from gi_trace.registry.rules import Basis

XINHUI_TOWNS = [
    ("440705-huicheng", "会城", ["会城街道", "圭峰区"]),
    ("440705-daze", "大泽", ["大泽镇"]),
    ("440705-siqian", "司前", ["司前镇"]),
    ("440705-luokeng", "罗坑", ["罗坑镇"]),
    ("440705-shuangshui", "双水", ["双水镇"]),
    ("440705-yamen", "崖门", ["崖门镇"]),
    ("440705-shadui", "沙堆", ["沙堆镇"]),
    ("440705-gujing", "古井", ["古井镇"]),
    ("440705-sanjiang", "三江", ["三江镇"]),
    ("440705-muzhou", "睦洲", ["睦洲镇"]),
    ("440705-daao", "大鳌", ["大鳌镇", "大螯", "大鳖", "大螯镇", "大鳖镇"]),
    ("440705-weiken", "围垦指挥部", ["银湖湾", "银湖湾滨海新区", "围垦"]),
]
CHENPI_DEFINITION = "以新会茶枝柑（大种油身、细种油身）的果皮晒干或烘干，并在保护范围内贮存陈化三年以上。"
YIELD_SOURCE = "2015 年报道：60,000 吨 / 30,000 亩挂果面积（弱来源，可改）；每亩最多株数尚无出处（可改）"
MOST_TREES_PER_MU = 150  # NF: citrus stands at some 40 to 100 a mu, so this finds slips alone
PEEL_SOURCE = "2015 年报道：60,000 吨鲜果约出 3,000 吨皮，即 5%（弱来源，可改）"
RICE_SOURCE = "推断：精米不会多于糙米（籼稻三级糙米率 75–77%）（可改）"
SINCE = date(2015, 1, 1)


@act
def load_first_products() -> None:
    """Once, into an empty registry."""
    if all_products():
        return
    towns = [Area(code=code, name=name, aliases=aliases) for code, name, aliases in XINHUI_TOWNS]
    taishan = Area(code="440781", name="台山市", aliases=["台山"])
    db.session.add_all([*towns, taishan])
    citrus, paddy = _crops()
    fruit = Material(code="citrus-fruit", name="茶枝柑鲜果", crop=citrus)
    peel = Material(code="dry-peel", name="干柑皮", crop=citrus, ages=True)
    grain = Material(code="paddy", name="稻谷", crop=paddy)
    rice = Material(code="rice", name="大米", crop=paddy)
    db.session.add_all([fruit, peel, grain, rice])
    db.session.add_all(
        [
            Conversion(
                from_material=fruit, to_material=peel, valid_from=SINCE,
                ceiling_per_10000=500, source=PEEL_SOURCE,
            ),
            Conversion(
                from_material=grain, to_material=rice, valid_from=SINCE,
                ceiling_per_10000=7500, usual_per_10000=7000, source=RICE_SOURCE,
            ),
        ]
    )  # fmt: skip
    for product in (_chenpi(peel, towns), _gan(fruit, towns), _rice(rice, taishan)):
        db.session.add(product)
        record(Acted.PRODUCT_ADDED, product, by=None, facts={"code": product.code})


def _crops() -> tuple[Crop, Crop]:
    citrus = Crop(code="citrus", name="茶枝柑", seasons=Seasons.YEAR)
    paddy = Crop(code="paddy", name="水稻", seasons=Seasons.EARLY_LATE)
    db.session.add_all([citrus, paddy])
    db.session.flush()
    # Paddy has no ceiling yet: only a provincial average is known, which good fields exceed.
    db.session.add(
        CropYield(
            crop_id=citrus.id,
            valid_from=SINCE,
            ceiling_g_per_mu=2_000_000,
            most_trees_per_mu=MOST_TREES_PER_MU,
            source=YIELD_SOURCE,
        )
    )
    return citrus, paddy


def _chenpi(peel: Material, towns: list[Area]) -> Product:
    return Product(
        code="xinhui-chenpi",
        name="新会陈皮",
        material=peel,
        areas=towns,
        name_below_minimum_age="柑皮",
        minimum_age_years=3,
        has_best_before=False,
        definition=CHENPI_DEFINITION,
        bases=[
            ProductBasis(
                basis=Basis.PROTECTED, since=date(2006, 10, 25), source="原质检总局公告，公告号待补"
            ),
            ProductBasis(
                basis=Basis.CERTIFICATION,
                mark_name="新会陈皮",
                holder="新会区农学会",
                source="2009 年注册，注册号待补",
            ),
        ],
        standards=[
            Standard(code="DB44/T 604-2009", title="地理标志产品 新会陈皮"),
            Standard(code="DB4407/T 70-2021", title="新会陈皮（江门市地方标准）"),
        ],
    )


def _gan(fruit: Material, towns: list[Area]) -> Product:
    return Product(
        code="xinhui-gan",
        name="新会柑",
        material=fruit,
        areas=towns,
        has_best_before=False,
        definition="在保护范围内种植的茶枝柑（大种油身、细种油身）成熟鲜果。",
        bases=[ProductBasis(basis=Basis.PROTECTED, source="2006 年公告，公告号与日期待补")],
        standards=[
            Standard(code="DB44/T 601-2009", title="地理标志产品 新会柑", source="亦引作 DB44/601-2009")
        ],
    )


def _rice(rice: Material, taishan: Area) -> Product:
    return Product(
        code="taishan-rice",
        name="台山大米",
        material=rice,
        areas=[taishan],
        has_best_before=True,
        bases=[
            ProductBasis(
                basis=Basis.CERTIFICATION, mark_name="台山大米", source="证明商标，注册号、注册人与规则待补"
            )
        ],
    )
