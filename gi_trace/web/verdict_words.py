"""What every verdict says: about the label, never about the goods; never "genuine", never "fake"."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from gi_trace.verification.rules import Verdict


@dataclass(frozen=True)
class Words:
    """`kind` colours the band: good, warn, bad or quiet. `todo` is the one thing to do now."""

    kind: str
    headline: Any
    why: Any
    todo: Any


ASK_AND_TELL = _("请向销售者询问，并可向 12315 反映。")
GIVE_BACK = _("请退回给销售者，并可向 12315 反映。")

VERDICT_WORDS = {
    Verdict.MALFORMED: Words(
        "quiet",
        _("无法识别此码"),
        _("这不是完整的标识码，可能输错或漏了字符。这不代表产品有问题。"),
        _("请对照包装，逐字重新输入。"),
    ),
    Verdict.NOT_OURS: Words(
        "quiet",
        _("查无此标识"),
        _("可能输错，也可能不是我们发出的标识。"),
        _("请重新扫码，或对照包装重新输入；仍查不到，请不要只凭此码购买，可向 12315 反映。"),
    ),
    Verdict.COUNTERFEIT: Words(
        "bad",
        _("此标识已被冒用"),
        _("主管部门已确认：有人仿印了这一系列标识。"),
        _("请不要购买；已购买的请保留包装和票据，并向 12315 举报。"),
    ),
    Verdict.RECALLED: Words(
        "bad",
        _("产品已召回"),
        _("带有此标识的产品已被召回。"),
        _("请不要食用，并退回给销售者。"),
    ),
    Verdict.RIGHT_NOT_IN_FORCE: Words(
        "bad",
        _("包装时无用标权"),
        _("此标识所属批次的包装日期，企业不在授权有效期内。"),
        ASK_AND_TELL,
    ),
    Verdict.ON_HOLD: Words(
        "warn",
        _("标识已冻结"),
        _("主管部门正在核查带有此标识的产品，还没有结论。"),
        _("请暂缓购买和食用，等待核查结果。"),
    ),
    Verdict.CANCELLED: Words(
        "bad",
        _("标识已注销"),
        _("企业取消了这一批次，此标识不应在市场上出现。"),
        GIVE_BACK,
    ),
    Verdict.VOID: Words(
        "bad",
        _("标识已作废"),
        _("企业已将此件标识作废，它不应在市场上出现。"),
        GIVE_BACK,
    ),
    Verdict.LOST: Words(
        "bad",
        _("标识已报遗失"),
        _("企业已报此件标识遗失，它不应贴在产品上。"),
        ASK_AND_TELL,
    ),
    Verdict.RETURNED: Words(
        "warn",
        _("产品已退回企业"),
        _("此件产品已登记退回企业，不应再销售。"),
        ASK_AND_TELL,
    ),
    Verdict.DESTROYED: Words(
        "bad",
        _("产品已登记销毁"),
        _("此件产品已登记销毁，此标识不应再出现。"),
        ASK_AND_TELL,
    ),
    Verdict.RIGHT_LOST: Words(
        "bad",
        _("用标权已被暂停或撤销"),
        _("主管部门因故暂停或撤销了该企业的用标权。"),
        ASK_AND_TELL,
    ),
    Verdict.NOT_ACTIVATED: Words(
        "warn",
        _("标识尚未启用"),
        _("此标识已经印制，但企业还没有登记用在产品上。"),
        _("请不要只凭此码购买；可向 12315 反映。"),
    ),
    Verdict.PAST_DATE: Words(
        "warn",
        _("已过保质期"),
        _("登记的保质期已过；标识本身由我们发出。"),
        _("请向销售者询问，不要食用过期产品。"),
    ),
    Verdict.SUSPECTED_COPY: Words(
        "warn",
        _("疑似被复制，请核对"),
        _("此标识的查验记录不像只有一件产品。您手上的这件不一定有问题。"),
        _("请逐项核对包装；有一项不一致，请告诉我们。"),
    ),
    Verdict.VALID: Words(
        "good",
        _("标识有效"),
        _("此标识由我们发给下列企业，用于下列批次。"),
        _("请与手上的包装逐项核对。"),
    ),
}
