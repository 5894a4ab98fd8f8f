"""What stood in the way of a receipt, in words. Pure."""

from gi_trace.errors import N_
from gi_trace.words import Worded

LONGEST = 200  # characters that a row keeps of it


class Fault(Worded):
    """Kept as its code, with what the other side said behind a colon."""

    UNREACHABLE = "unreachable", N_("连接不上对方机关")
    TOO_SLOW = "too_slow", N_("对方机关没有在规定时间内答复完")
    INNER_NETWORK = "inner_network", N_("登记的网址指向内部网络，须由系统管理员列入许可的网段")
    ELSEWHERE = "elsewhere", N_("对方机关让转到别的网址，本系统不跟随；请核对登记的网址")
    DECLINED = "declined", N_("对方机关没有接收")
    NOT_UNDERSTOOD = "not_understood", N_("对方机关的答复不是可以识别的签收")
    WRONG_RECEIPT = "wrong_receipt", N_("答复中的签收不符合所发内容，或不是该机关签发的")
    DAMAGED = "damaged", N_("本机关保存的原件已损坏，不能发送")


UNREACHED = (Fault.UNREACHABLE, Fault.TOO_SLOW, Fault.INNER_NETWORK, Fault.ELSEWHERE)


def is_unreached(kept: str) -> bool:
    """Whether nothing reached the office, of what a row keeps."""
    return kept.partition(": ")[0] in UNREACHED


class DeliveryFailed(Exception):
    """No receipt came of a delivery. `leave_alone`: nothing else reaches that office now either."""

    def __init__(self, fault: Fault, said: str = "", *, leave_alone: bool = False):
        super().__init__(fault.label)
        self.fault, self.said, self.leave_alone = fault, said, leave_alone

    @property
    def kept(self) -> str:
        said = "".join(one for one in self.said if one.isprintable() and not "\ud800" <= one <= "\udfff")
        return f"{self.fault.value}: {said}"[:LONGEST] if said else self.fault.value


def fault_parts(kept: str) -> tuple[str, str]:
    """(words as a msgid, what the other side said) of what a row keeps; older rows have the latter alone."""
    code, _, said = kept.partition(": ")
    return (Fault(code).label, said) if code in list(Fault) else ("", kept)
