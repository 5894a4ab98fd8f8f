"""The signs of copies in words. Pure."""

from typing import NamedTuple

from gi_trace.errors import N_
from gi_trace.verification.suspicion import parameters as p
from gi_trace.verification.suspicion.memory import CERTAIN, EARLY, OPENED, UnitMemory

TWO_IN_HAND = N_("两件在手：检查人员同时见到两件使用同一标识码的商品")
PUBLICLY_SHOWN = N_("被公开展示：短时间内有 {people} 台不同设备查验")
DEVICES_IN_DAYS = N_("{days} 天内 {people} 台不同设备在 {places} 个城市")
BACK_AND_FORTH = N_("查验地点 {backs} 次回到先前的城市，一件商品不会这样往返")
CAME_BACK = N_("所跟踪的 {sampled} 台设备中，{back} 台过了一小时以上又回来查验")
SEEN_BEFORE_ACTIVATION = N_("激活之前已有人查验")
SEEN_AFTER_HIDDEN_CODE = N_("涂层密码用过之后，又有新设备在其他城市查验")
SAME_SIGNS_IN_BATCH = N_("同一批次有多件商品出现类似迹象")


class Sign(NamedTuple):
    """What an officer or a buyer reads: a msgid with numbers, which the face translates and formats."""

    text: str
    facts: tuple[tuple[str, int], ...] = ()


def signs_in(unit: UnitMemory, *, pool: float = 0.0) -> tuple[Sign, ...]:
    """Strongest first; `pool` is what the batch adds."""
    if unit.flags & CERTAIN:
        return (Sign(TWO_IN_HAND),)
    if unit.shown_at:
        return (Sign(PUBLICLY_SHOWN, (("people", unit.people),)),)
    days = max(1, -(-(unit.last_at - unit.first_at) // p.DAY))
    back = sum(map(bool, unit.sample.values()))
    found = (
        (
            unit.people > 1,
            Sign(DEVICES_IN_DAYS, (("days", days), ("people", unit.people), ("places", unit.places))),
        ),
        (unit.backs > 1, Sign(BACK_AND_FORTH, (("backs", unit.backs),))),
        (back > 1, Sign(CAME_BACK, (("sampled", len(unit.sample)), ("back", back)))),
        (unit.flags & EARLY, Sign(SEEN_BEFORE_ACTIVATION)),
        (unit.flags & OPENED, Sign(SEEN_AFTER_HIDDEN_CODE)),
        (pool > 0, Sign(SAME_SIGNS_IN_BATCH)),
    )
    return tuple(sign for holds, sign in found if holds)
