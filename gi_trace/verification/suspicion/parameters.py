"""Every number of the copy detector with its reason. Evidence is in nats: log of a likelihood ratio."""

HOUR = 3600
DAY = 24 * HOUR

# --- where the one genuine pack is ---------------------------------------------------------------------

# The place look-up names a wrong city for about one check in ten; the rest is room for a worse one.
WRONG_CITY = 0.14
# Wrong answers repeat (a carrier's gateway, the neighbouring city): weight of a city not seen yet
# against one more person in each city seen beside the main one.
WRONG_CITY_NEW = 4.0
# A pack moves from packer or shop to buyer, from buyer to friend: chance of the first move before the
# next new device looks, of the second and so on. Gift chains end after three or four cities.
MOVES = (0.40, 0.25, 0.15, 0.08)
# A parcel or a gift takes days: the chance above is reached over this time, and this much of it at once.
MOVE_TIME = 5 * DAY
MOVE_AT_ONCE = 0.04
# Of the moves, those back to a city where the pack has been: gifts do not come back.
MOVES_BACK = 0.15
# Where several people in a row have looked, the pack stands (a display, a tin): so many halve its chance
# to move.
STANDS_AFTER = 2.0
# A device that looks again without the pack in hand: the page in its history, a photo.
LOOKS_WITHOUT_PACK = 0.10

# --- where the buyers of copies are --------------------------------------------------------------------

# Copies sell in one city, in a few or all over the country: weight of a new city in each (Polya urns).
MARKETS = (0.5, 3.0, 20.0)
# A new device soon after another is of the same household: share at once, and the time over which that
# fades.
SAME_HOUSEHOLD = 0.7
HOUSEHOLD_TIME = 1 * DAY
# Evidence of places does not fall below this: copying may begin after a long honest life.
FLOOR = -2.0

# --- people, wherever they are -------------------------------------------------------------------------

# A new device within a day is of the same household or at the same counter; later it may be another
# buyer.
CROWD_SOON = 0.15
CROWD_LATER = 0.55
# Displays, tins and offices have dozens of devices, so people alone never reach the alarm.
CROWD_MOST = 3.0
# Devices that come back after half a day, when others have looked since: few of a display's visitors do,
# most of an office's people, and of copies' buyers those who still have their pack. Evidence per person
# come back or not.
HOLD_TIME = DAY / 2
HELD_AGAINST_DISPLAY = (1.1, -0.11)  # log(0.15 / 0.05), log(0.85 / 0.95)
HELD_AGAINST_OFFICE = (-1.25, 0.98)  # log(0.2 / 0.7), log(0.8 / 0.3)
# Small circles come back for their own reasons: the evidence is whole only with so many people, and it
# is capped.
HELD_PEOPLE = 48
HELD_MOST = 6.0
# Buyers look independently of each other. New devices in quick succession are an event, so that with n
# of them of late the next weighs 1 / (1 + (n / BURST_DEVICES)²).
BURST_TIME = 8 * HOUR
BURST_DEVICES = 2.0
# So many of late are an audience (livestream, photo, fair): the code was shown in public, and whoever
# looks afterwards may have it from there.
PUBLIC_DEVICES = 25.0
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
# Shares of these levels in honest batches whose buyers look, give and move less than, as, and more than
# expected; and among codes that were copied a few times each. A gift season must not look like a copied
# batch.
LEVELS_HONEST = (
    (0.968, 0.021, 0.0055, 0.004, 0.0015),
    (0.906, 0.063, 0.016, 0.010, 0.005),
    (0.816, 0.116, 0.037, 0.019, 0.012),
)
LEVELS_COPIED = (0.50, 0.20, 0.13, 0.10, 0.07)
# Part of a batch's codes that were copied; one of these explains what is seen best.
COPIED_PARTS = (0.15, 0.5)
# Most batches are honest, and what the batch may add to each of its units stays small beside their own
# evidence.
POOL_PRIOR = 4.0
POOL_MOST = 2.0

# --- the alarm -----------------------------------------------------------------------------------------

# Fixed on the simulator's honest units only, between the threshold that 5 false alarms per 10,000 need
# with the habits as thought and the one that they need with every habit half as strong again.
ALARM = 6.5
