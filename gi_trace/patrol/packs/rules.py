"""Why a phone is not known, or gets no pack. Pure."""

from gi_trace.errors import N_, Refused


class PhoneUnknown(Refused):
    code = "phone_unknown"
    status = 403
    text = N_("此手机没有登记，请先下载离线包。")


class PhoneRevoked(Refused):
    code = "phone_revoked"
    status = 403
    text = N_("此手机的离线包已被撤销，不能上传或更新，请联系主管部门。")


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
