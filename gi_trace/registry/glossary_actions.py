"""Acts on names in other languages: entered, put right and taken away, with their days."""

from collections.abc import Mapping

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.glossary import HAN
from gi_trace.registry.models import (
    GlossaryEntry,
    Product,
    all_crops,
    all_materials,
    all_products,
    read_glossary,
    towns,
)


class NotChinese(Refused):
    code = "not_chinese"
    text = N_("“{chinese}”里没有汉字。各种文字里都一样的名称不用译文。")


class ChineseInEnglish(Refused):
    code = "chinese_in_english"
    text = N_("英文名“{name}”里有汉字。还没有英文名的请留空：英文页面会照写中文，并注明是中文。")


@act
def put_names(chinese: str, names: Mapping[str, str], *, by: Account) -> None:
    """What a thing is called in each of these languages from today on, empty: as in Chinese. Nothing happens where
    nothing differs. Raises NotChinese, ChineseInEnglish."""
    if not HAN.search(chinese):
        raise NotChinese(chinese=chinese)
    if HAN.search(names.get("en", "")):
        raise ChineseInEnglish(name=names["en"])
    known = read_glossary(db.session.connection())
    for language, name in names.items():
        before = known.name_in(language, chinese) or ""
        if name != before:
            entry = GlossaryEntry(chinese=chinese, language=language, name=name, on=clock.today())
            db.session.add(entry)
            facts = {"chinese": chinese, "language": language, "before": before, "after": name}
            record(Acted.GLOSSARY_NAME_PUT, entry, by=by, facts=facts)


def names_in_use() -> list[str]:
    """What pages of everyone show of the registry, apart from firms: products, materials, crops, towns, who holds a mark."""
    products = all_products()
    found = [name for product in products for name in _names_of(product)]
    found += [row.name for row in all_materials()] + [row.name for row in all_crops()]
    found += [town.name for town in towns()]
    found += db.session.scalars(select(GlossaryEntry.chinese).order_by(GlossaryEntry.id))
    return [name for name in dict.fromkeys(found) if HAN.search(name)]


def _names_of(product: Product) -> list[str]:
    return [product.name, product.name_below_minimum_age or "", *(ground.holder for ground in product.bases)]
