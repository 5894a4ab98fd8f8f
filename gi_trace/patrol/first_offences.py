"""The grounds of findings as `domain.md` knows them; the authority adds and retires them."""

from sqlalchemy import select

from gi_trace.database import act, db
from gi_trace.patrol.models import Offence
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted

GUANGDONG = "广东省地理标志条例（2023）第二十条"
FIRST_OFFENCES = [
    ("mark_without_right", "未经授权使用地理标志专用标志", f"{GUANGDONG}第一款第一项"),
    ("name_below_standard", "产品不符合标准而使用地理标志名称", f"{GUANGDONG}第一款第二项"),
    ("look_alike_mark", "使用与专用标志近似、易误认的标志", f"{GUANGDONG}第一款第三项"),
    ("suggests_origin", "使用易使人误认产地的名称或者描述", f"{GUANGDONG}第一款第四项"),
    ("sells_such_goods", "销售上述产品", f"{GUANGDONG}第一款第五项"),
    ("outside_goods", "合法使用人将专用标志用于产区外或其他品种的产品", f"{GUANGDONG}第二款"),
    ("label_copied", "同一标识码用于两件以上包装", f"{GUANGDONG}第一款第一项"),
    ("obsolete_mark", "使用已停用的旧版专用标志", "国家知识产权局公告第354号（2020）"),
    (
        "label_incomplete",
        "专用标志未按规定标示信用代码、标准号、公告号或注册号",
        "国家知识产权局公告第354号（2020）",
    ),
    ("false_origin", "伪造产地、冒用质量标志", "产品质量法第五十三条"),
    ("sells_false_origin", "销售伪造产地或冒用质量标志的产品", "产品质量法第五十五条"),
    ("infringes_mark", "侵犯地理标志证明商标专用权", "商标法（2019）第六十条"),
    ("disease_claims", "食品标签含虚假内容或涉及疾病预防、治疗功能", "食品安全法第七十一条"),
    ("label_fields_missing", "预包装食品标签缺少应有内容", "食品安全法第六十七条"),
]


@act
def load_first_offences() -> None:
    """Once, into an empty list."""
    if db.session.scalar(select(Offence.id).limit(1)) is not None:
        return
    for code, text, clause in FIRST_OFFENCES:
        offence = Offence(code=code, text=text, clause=clause)
        db.session.add(offence)
        record(Acted.OFFENCE_ADDED, offence, by=None, facts={"code": code})
