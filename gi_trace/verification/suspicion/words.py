"""The reasons of a suspicion in words. A reason is (msgid, facts): the face translates and formats. Pure."""

from gi_trace.errors import N_
from gi_trace.verification.suspicion import parameters as p
from gi_trace.verification.suspicion.state import CERTAIN, EARLY, OPENED

TWO_IN_HAND = N_("两件在手：检查人员同时见到两件使用同一标识码的商品")
PUBLICLY_SHOWN = N_("被公开展示：短时间内有 {people} 台不同设备查验")
DEVICES_IN_DAYS = N_("{days} 天内 {people} 台不同设备在 {places} 个城市")
BACK_AND_FORTH = N_("查验地点 {backs} 次回到先前的城市，一件商品不会这样往返")
CAME_BACK = N_("所跟踪的 {sampled} 台设备中，{back} 台过了一小时以上又回来查验")
SEEN_BEFORE_ACTIVATION = N_("激活之前已有人查验")
SEEN_AFTER_HIDDEN_CODE = N_("涂层密码用过之后，又有新设备在其他城市查验")
SAME_SIGNS_IN_BATCH = N_("同一批次有多件商品出现类似迹象")


def reasons_of(unit, batch):
    """Strongest first, as tuples of (msgid, facts)."""
    if unit.flags & CERTAIN:
        return ((TWO_IN_HAND, {}),)
    if unit.shown_at:
        return ((PUBLICLY_SHOWN, {"people": unit.people}),)
    days = max(1, -(-(unit.last_at - unit.first_at) // p.DAY))
    back = sum(map(bool, unit.sample.values()))
    found = [
        (unit.people > 1, DEVICES_IN_DAYS, {"days": days, "people": unit.people, "places": unit.places}),
        (unit.backs > 1, BACK_AND_FORTH, {"backs": unit.backs}),
        (back > 1, CAME_BACK, {"sampled": len(unit.sample), "back": back}),
        (unit.flags & EARLY, SEEN_BEFORE_ACTIVATION, {}),
        (unit.flags & OPENED, SEEN_AFTER_HIDDEN_CODE, {}),
        (batch.pool > 0, SAME_SIGNS_IN_BATCH, {}),
    ]
    return tuple((text, facts) for holds, text, facts in found if holds)
