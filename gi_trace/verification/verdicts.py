"""Everything that can be said of a code, in words: about the label, never about the goods. Pure."""

from gi_trace.errors import N_
from gi_trace.words import Worded

ASK_AND_TELL = N_("请向销售者询问，并可向 12315 反映。")
GIVE_BACK = N_("请退回给销售者，并可向 12315 反映。")


class Verdict(Worded):
    """In the order of the news, the worst first; never "genuine", never "fake". Values are the codes of the API.

    The label is the headline, the band's colour is good, warn, bad or quiet; `todo` is the one thing to do now.
    """

    band: str
    why: str
    todo: str

    MALFORMED = (
        "malformed",
        N_("无法识别此码"),
        "quiet",
        N_("这不是完整的标识码，可能输错或漏了字符。这不代表产品有问题。"),
        N_("请对照包装，逐字重新输入。"),
    )
    OTHER_HOST = (
        "other_host",
        N_("指向别的网站，不是本服务"),
        "warn",
        N_("此二维码或网址指向别的网站；那里写的“正品”“有效”不是我们说的。"),
        N_("请不要在那里付款、登录或填写个人信息。企业自己的二维码也会这样：请另找印有本服务网址的那一个。"),
    )
    NOT_A_CODE = (
        "not_a_code",
        N_("不是标识码"),
        "quiet",
        N_("读到的内容里没有本服务的标识码。"),
        N_("请找包装上旁边印着 20 位标识码的那个二维码。不要因为一个二维码就付款或加好友。"),
    )
    NOT_OURS = (
        "not_ours",
        N_("查无此标识"),
        "quiet",
        N_("可能输错，也可能不是我们发出的标识。"),
        N_("请重新扫码，或对照包装重新输入；仍查不到，请不要只凭此码购买，可向 12315 反映。"),
    )
    SAMPLE = (
        "sample",
        N_("样张，不是产品标识"),
        "quiet",
        N_("这是供包装设计和试印使用的样张码，不对应任何一件产品。"),
        N_("如果它印在出售的产品上，请不要只凭此码购买，可向 12315 反映。"),
    )
    COUNTERFEIT = (
        "counterfeit",
        N_("此标识已被冒用"),
        "bad",
        N_("主管部门已确认：有人仿印了这一系列标识。"),
        N_("请不要购买；已购买的请保留包装和票据，并向 12315 举报。"),
    )
    RECALLED = (
        "recalled",
        N_("产品已召回"),
        "bad",
        N_("带有此标识的产品已被召回。"),
        N_("请不要食用，并退回给销售者。"),
    )
    RIGHT_NOT_IN_FORCE = (
        "right_not_in_force",
        N_("包装时无用标权"),
        "bad",
        N_("此标识所属批次的包装日期，企业不在授权有效期内。"),
        ASK_AND_TELL,
    )
    ON_HOLD = (
        "on_hold",
        N_("标识已冻结"),
        "warn",
        N_("主管部门正在核查带有此标识的产品，还没有结论。"),
        N_("请暂缓购买和食用，等待核查结果。"),
    )
    CANCELLED = (
        "cancelled",
        N_("标识已注销"),
        "bad",
        N_("企业取消了这一批次，此标识不应在市场上出现。"),
        GIVE_BACK,
    )
    VOID = (
        "void",
        N_("标识已作废"),
        "bad",
        N_("企业已将此件标识作废，它不应在市场上出现。"),
        GIVE_BACK,
    )
    LOST = (
        "lost",
        N_("标识已报遗失"),
        "bad",
        N_("企业已报此件标识遗失，它不应贴在产品上。"),
        ASK_AND_TELL,
    )
    RETURNED = (
        "returned",
        N_("产品已退回企业"),
        "warn",
        N_("此件产品已登记退回企业，不应再销售。"),
        ASK_AND_TELL,
    )
    DESTROYED = (
        "destroyed",
        N_("产品已登记销毁"),
        "bad",
        N_("此件产品已登记销毁，此标识不应再出现。"),
        ASK_AND_TELL,
    )
    RIGHT_LOST = (
        "right_lost",
        N_("用标权已被暂停或撤销"),
        "bad",
        N_("主管部门因故暂停或撤销了该企业的用标权。"),
        ASK_AND_TELL,
    )
    NOT_ACTIVATED = (
        "not_activated",
        N_("标识尚未启用"),
        "warn",
        N_("此标识已经印制，但企业还没有登记用在产品上。"),
        N_("请不要只凭此码购买；可向 12315 反映。"),
    )
    PAST_DATE = (
        "past_date",
        N_("已过保质期"),
        "warn",
        N_("登记的保质期已过；标识本身由我们发出。"),
        N_("请向销售者询问，不要食用过期产品。"),
    )
    SUSPECTED_COPY = (
        "suspected_copy",
        N_("疑似被复制，请核对"),
        "warn",
        N_("此标识的查验记录不像只有一件产品。您手上的这件不一定有问题。"),
        N_("请逐项核对包装；有一项不一致，请告诉我们。"),
    )
    VALID = (
        "valid",
        N_("标识有效"),
        "good",
        N_("此标识由我们发给下列企业，用于下列批次。"),
        N_("请与手上的包装逐项核对。"),
    )


class Point(Worded):
    """One of the single checks, in the order of the page."""

    ISSUED = "issued", N_("由本服务发出")
    RIGHT_THEN = "right_then", N_("包装日期（%(day)s）授权有效")
    RIGHT_KEPT = "right_kept", N_("此后没有因故暂停或撤销")
    NOT_STOPPED = "not_stopped", N_("没有冻结、召回或注销")
    ACTIVATED = "activated", N_("此件标识已启用，没有作废或退回")
    IN_DATE = "in_date", N_("没有过保质期")
    NOT_COPIED = "not_copied", N_("查验记录没有复制的迹象")
