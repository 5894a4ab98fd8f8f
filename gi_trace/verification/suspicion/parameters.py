"""Every number of the copy detector with its reason. Evidence is in nats: log of a likelihood ratio."""

HOUR = 3600
DAY = 24 * HOUR

# --- where the one genuine pack is ---------------------------------------------------------------------

# The place look-up names a wrong city for about one check in ten; the rest is room for a worse one.
WRONG_CITY = 0.14
# Wrong answers repeat (a carrier's gateway, the neighbouring city): weight of a city not seen yet
# against one more person in each city seen beside the main one.
WRONG_CITY_NEW = 8.0
# A pack moves from packer or shop to buyer, from buyer to friend: chance of the first move before the
# next new device looks, of the second and so on. Gift chains end after three or four cities.
MOVES = (0.35, 0.22, 0.12, 0.05)
# A parcel or a gift takes days: the chance above is reached over this time, and this much of it at once.
MOVE_TIME = 5 * DAY
MOVE_AT_ONCE = 0.04
# Of the moves, those back to a city where the pack has been: gifts do not come back.
MOVES_BACK = 0.15
# Where several people in a row have looked, the pack stands (display, tin): so many halve its chance to move.
STANDS_AFTER = 1.0
# A device that looks again without the pack in hand: the page in its history, a photo.
LOOKS_WITHOUT_PACK = 0.10

# --- where the buyers of copies are --------------------------------------------------------------------

# Copies sell in one city, in a few or all over the country: weight of a new city in each (Polya urns).
MARKETS = (0.5, 3.0, 12.0)
# A new device soon after another is of the same household: share at once, and how fast that fades.
SAME_HOUSEHOLD = 0.7
HOUSEHOLD_TIME = 2 * DAY
# Evidence of places does not fall below this: copying may begin after a long honest life.
FLOOR = -1.0

# --- people, wherever they are -------------------------------------------------------------------------

# A new device within a day is of the same household or at the same counter; later it may be a buyer.
CROWD_SOON = 0.05
CROWD_LATER = 0.55
# Displays, tins and offices have dozens of devices, so people alone never reach the alarm, and they count
# in full only when this share of them is not in the one city that has the most.
CROWD_MOST = 4.0
CROWD_SPREAD = 0.5
# Devices that come back after half a day, when others have looked since: few of a display's visitors and
# most people of an office do, and of copies' buyers those who look again. Evidence per person (back, not).
HOLD_TIME = DAY / 2
HELD_AGAINST_DISPLAY = (1.02, -0.193)  # log(0.25 / 0.09), log(0.75 / 0.91)
HELD_AGAINST_OFFICE = (-0.85, 0.85)  # log(0.30 / 0.70), log(0.70 / 0.30)
# Small circles come back for reasons of their own: whole evidence only with so many people, and capped.
HELD_PEOPLE = 60
HELD_MOST = 9.0
# Buyers look independently of each other. New devices in quick succession are an event, so that with n
# of them of late the next weighs 1 / (1 + (n / BURST_DEVICES)²).
BURST_TIME = 8 * HOUR
BURST_DEVICES = 1.0
# So many of late are an audience (livestream, photo, fair): the code was shown in public, and whoever
# looks afterwards may have it from there.
PUBLIC_DEVICES = 15.0
AFTER_PUBLIC = 0.01
# A device that looks at so many units of a batch trades in them (reseller, shop): it is no buyer.
TRADE_UNITS = 4

# --- facts that other parts of the system know ---------------------------------------------------------

BEFORE_ACTIVATION = 2.5  # somebody looked before the pack left the packer; seldom a tester at the packer's
AFTER_HIDDEN_CODE = 1.5  # a new person in a new city although the scratch layer was already opened
TWO_IN_HAND = 100.0  # an inspector holds two packs with one code

# --- pooling within a batch ----------------------------------------------------------------------------

# Units of a batch are counted by the level that their own evidence has reached.
LEVELS = (1.0, 2.0, 3.0, 4.0)
# Shares of these levels in honest batches whose buyers look, give and move half as much as expected, as
# much and half as much again, so that a gift season does not look like copying; and among copied codes.
LEVELS_HONEST = (
    (0.972, 0.020, 0.004, 0.0025, 0.0015),
    (0.915, 0.063, 0.012, 0.006, 0.004),
    (0.836, 0.112, 0.028, 0.014, 0.010),
)
LEVELS_COPIED = (0.32, 0.28, 0.17, 0.09, 0.14)
# Part of a batch's codes that were copied; one of these explains what is seen best.
COPIED_PARTS = (0.08, 0.2, 0.5)
# Most batches are honest, and a batch adds to each of its units little beside the unit's own evidence.
POOL_PRIOR = 3.5
POOL_MOST = 2.0

# --- the alarm -----------------------------------------------------------------------------------------

# Fixed on honest units only: about one false alarm per 10,000 with the habits as thought, and less than five
# with half as many gift chains, displays and wrong cities again.
ALARM = 6.8
