"""Why a phone is not known, or gets no pack. Pure."""

from gi_trace.errors import N_, Refused
from gi_trace.verification.verdicts import Verdict
from gi_trace.words import Worded


class PhoneUnknown(Refused):
    code = "phone_unknown"
    status = 403
    text = N_("此手机没有登记，请先下载离线包。")


class PhoneRevoked(Refused):
    code = "phone_revoked"
    status = 403
    text = N_("此手机的离线包已被撤销，不能上传或更新，请联系主管部门。")


class PhoneEnded(Refused):
    code = "phone_ended"
    status = 403
    text = N_("此手机的登记已随退出登录结束，请重新登录。")


class SealBroken(Refused):
    """Not sealed by the officer of that phone, or not signed by it, or changed since."""

    code = "seal_broken"
    text = N_("此记录的封存与签名核对不上，没有收下。请由制作人本人登录查看。")


class PhoneOfAnother(Refused):
    code = "phone_of_another"
    status = 409
    text = N_("此手机登记在另一名巡查员名下。")


class KeyUnreadable(Refused):
    code = "key_unreadable"
    status = 400
    text = N_("手机的公钥无法识别。")


class PackEmpty(Refused):
    code = "pack_empty"
    text = N_("请至少选择一个产品。")


class OfflineVerdict(Worded):
    """What only a phone says, without network; never a plain "valid"."""

    band: str
    why: str

    NO_PACK = "no_pack", N_("没有离线包"), "quiet", N_("请先下载离线包，或联网查验。")
    PACK_ENDED = "pack_ended", N_("离线包已过期"), "quiet", N_("不能离线判断，请更新离线包或联网查验。")
    OTHER_EPOCH = (
        "other_epoch",
        N_("不在离线包范围内"),
        "quiet",
        N_("此码的年份不在此次巡查的离线包里，请联网查验。"),
    )
    OTHER_BATCH = (
        "other_batch",
        N_("离线包里没有此批次"),
        "quiet",
        N_("可能是新批次，或不属此次巡查的产品；请联网查验。"),
    )
    # Beside what the public reads: an officer's camera makes no slips, and a sound code with a wrong tag was made by hand.
    NOT_OURS = (
        "not_ours",
        N_("查无此标识"),
        "bad",
        N_("字符完整，却不是我们发出的标识：输错一两个字符不会这样。请核对包装，按仿制标识处理。"),
    )
    NOT_A_CODE = (
        "not_a_code",
        N_("不是标识码"),
        "bad",
        N_("扫到的二维码里没有标识码。相机不会输错：请看它引向哪里，包装是否借此冒充。"),
    )
    OTHER_HOST = (
        "other_host",
        N_("网址不是官方网址"),
        "bad",
        N_("此码引向别处，可能是假冒的查验网站。码本身可能抄自真品，不能说明此件是真的。"),
    )
    VALID = (
        "valid",
        N_("现场校验相符"),
        "good",
        N_("截至 {issued} 未见注销、冻结或召回。复制的码也会如此，请与包装核对。"),
    )


SAID_OFFLINE: dict[str, Verdict | OfflineVerdict] = {each.value: each for each in (*Verdict, *OfflineVerdict)}
