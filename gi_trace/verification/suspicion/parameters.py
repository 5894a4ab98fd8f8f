"""Every number of the copy detector with its reason. Evidence is in nats: log of a likelihood ratio."""

from math import log

from gi_trace.verification.suspicion.shares import Returns, Share

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
LOOKS_WITHOUT_PACK = 0.14

# --- where the buyers of copies are --------------------------------------------------------------------

# Copies sell in a few cities, in a region or all over the country: weight of a new city in each (Polya urns).
MARKETS = (0.5, 3.0, 12.0)
# So many sell in a single city, as a pack on display is in one: there people alone tell them apart.
ONE_CITY = 0.4
# A new device soon after another is of the same household: share at once, and how fast that fades.
SAME_HOUSEHOLD = 0.7
HOUSEHOLD_TIME = 2 * DAY
# Evidence for a market does not fall below this: copying may begin after a long honest life.
FLOOR = -3.0

# --- people, wherever they are -------------------------------------------------------------------------

# Against a household counts each new device, less within a day of the one before it: of the same home, or at
# the same counter.
CROWD_SOON = 0.35
CROWD_LATER = 0.55
# Of the units that somebody looks at, at most such parts stand on display or in a restaurant, and in an office.
DISPLAYS, OFFICES = log(0.01), log(0.02)
# A display may have any number of visitors; of offices with more people than this, one in e has so many more.
OFFICE_PEOPLE, OFFICE_MORE = 15, 8.0
# A device comes back when it looks again after an hour: what comes sooner is of the same visit. Who has the
# pack at home looks again within days as well as later; staff and colleagues at any time while it stands there.
VISIT, SOON = HOUR, 3 * DAY
# Some 6 % of a display's visitors come back, its staff among them; of colleagues 38 %, and some offices hardly
# ever; of buyers 23 %. As numbers seen: they are small where habits may differ much from what we think.
VISITORS = Returns(back=Share(4.0, 60.0), soon=Share(1.0, 6.0))
COLLEAGUES = Returns(back=Share(5.0, 8.0), soon=Share(1.0, 6.0))
BUYERS = Returns(back=Share(5.0, 17.0), soon=Share(3.0, 3.0))
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
# Shares of these levels in honest batches whose buyers look, give and move 0.5, 0.75, 1, 1.25, 1.5 and 2 times
# as much as expected, so that a gift season does not look like copying; and among copied codes.
LEVELS_HONEST = (
    (0.981, 0.0105, 0.006, 0.0016, 0.0009),
    (0.963, 0.022, 0.010, 0.003, 0.002),
    (0.934, 0.043, 0.0153, 0.005, 0.0027),
    (0.896, 0.071, 0.022, 0.007, 0.004),
    (0.843, 0.104, 0.034, 0.012, 0.007),
    (0.760, 0.150, 0.056, 0.021, 0.013),
)
LEVELS_COPIED = (0.40, 0.25, 0.15, 0.08, 0.12)
# Part of a batch's codes that were copied; one of these explains what is seen best.
COPIED_PARTS = (0.08, 0.2, 0.5)
# Most batches are honest, and a batch adds to each of its units little beside the unit's own evidence.
POOL_PRIOR = 5.5
POOL_MOST = 2.0

# --- the alarm -----------------------------------------------------------------------------------------

# Fixed on honest units only, those of `scripts/bench copies`: about one false alarm per 10,000 with the habits as
# thought, and not more than five with every habit half as strong again, with offices of 30 people, or with
# visitors of displays who come back as soon as buyers do.
ALARM = 6.4
