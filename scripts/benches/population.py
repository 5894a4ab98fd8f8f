"""Seeded population of genuine and copied codes: who looks at which code, when and where.

`Population(seed, habits).batch(…)` gives labelled codes, `stream(codes, …)` their looks in time order.
"""

import random
from collections import namedtuple
from dataclasses import dataclass, field
from itertools import accumulate

from scripts.benches.habits import PROVINCES, Habits

DAY = 86_400
START = 1_767_225_600  # 2026-01-01 UTC
CITY_NAMES = [city for cities in PROVINCES.values() for city in cities]
CITY_WEIGHTS = list(accumulate(w for cities in PROVINCES.values() for w in cities.values()))
PROVINCE_OF = {city: province for province, cities in PROVINCES.items() for city in cities}

Look = namedtuple("Look", "at code device city channel buyer")  # buyer: number of the copy's buyer, or None


@dataclass
class Code:
    """One printed code and the truth about it."""

    name: str
    kind: str  # of use if genuine, of market if copied
    copied: bool = False
    copies: int = 0
    check_rate: float = 0.0
    days: float = 0.0  # of sale of the copies
    tested: bool = False  # by the seller of the copies
    buyers: int = 0  # copies' buyers who looked
    pooled: bool = False  # one of many copied codes of its batch
    looks: list = field(default_factory=list)


class Population:
    """One seeded world. Every method that makes looks appends to a list of (at, device, city, buyer)."""

    def __init__(self, seed, habits=None):
        self.random = random.Random(seed)
        self.habits = habits or Habits()
        self.devices = 0
        self.sticky = {}

    def chance(self, share):
        return self.random.random() < share

    def device(self):
        self.devices += 1
        return f"d{self.devices}"

    def city(self):
        return self.random.choices(CITY_NAMES, cum_weights=CITY_WEIGHTS)[0]

    def log_days(self, least, most):
        return least * (most / least) ** self.random.random()

    def return_days(self):
        """Until a person looks again."""
        return self.log_days(0.01, 90)

    def wrong(self, city):
        if self.chance(self.habits.wrong_city_near):
            return self.random.choice(list(PROVINCES[PROVINCE_OF[city]]))
        return self.city()

    def seen_city(self, device, city):
        """What the look-up says about a device that is really in `city`."""
        h = self.habits
        if self.chance(h.no_city):
            return None
        if device not in self.sticky:
            sticks = self.chance(h.wrong_city * h.wrong_city_sticks)
            self.sticky[device] = self.wrong(city) if sticks else None
        if self.sticky[device]:
            return self.sticky[device]
        return self.wrong(city) if self.chance(h.wrong_city * (1 - h.wrong_city_sticks)) else city

    def look(self, looks, at, device, city, buyer=None):
        shown = None if self.chance(self.habits.no_device) else device
        looks.append((at, shown, self.seen_city(device, city), buyer))

    def person(self, looks, at, city, *, until=None, device=None, buyer=None):
        """A person looks, and perhaps again while the pack is in hand (until) or from the page's history."""
        h = self.habits
        device = device or self.device()
        self.look(looks, at, device, city, buyer)
        again = at
        while self.chance(h.looks_again):
            again += self.return_days() * DAY
            if until and again > until and not self.chance(h.reopens_page / h.looks_again):
                break
            self.look(looks, again, device, self.city() if self.chance(h.travels) else city, buyer)
        if self.chance(h.two_browsers):
            self.look(looks, at + self.random.uniform(30, 600), self.device(), city, buyer)

    def household(self, looks, at, city, *, until=None, buyer=None):
        self.person(looks, at, city, until=until, buyer=buyer)
        members = 0
        while members < 3 and self.chance(self.habits.second_member):
            members += 1
            later = at + self.random.expovariate(1 / (2 * DAY))
            if not until or later < until:
                self.person(looks, later, city, until=until, buyer=buyer)

    # genuine units

    def plain(self, looks, at):
        h = self.habits
        city = self.city()
        if self.chance(h.seller_looks):
            shop = self.city() if self.chance(h.sold_online) else city
            self.look(looks, at - self.log_days(0.1, 60) * DAY, self.device(), shop)
            if looks and self.chance(0.7):
                return
        if not self.chance(h.given_once):
            return self.household(looks, at, city)
        given_at = at + self.log_days(0.2, 60) * DAY
        if self.chance(0.6):
            self.household(looks, at, city, until=given_at)
        if not looks or self.chance(h.receiver_looks):
            self.household(looks, given_at, self.city() if self.chance(h.given_to_other_city) else city)

    def gift_chain(self, looks, at):
        for city in self.random.sample(CITY_NAMES, self.random.choice((3, 3, 4))):
            given_at = at + self.log_days(1, 60) * DAY
            if self.chance(0.85) or not looks:
                self.household(looks, at, city, until=given_at)
            at = given_at

    def visitors(self, looks, at, city, number, days, returns):
        for _ in range(number):
            device = self.device()
            came = at + self.random.uniform(0, days) * DAY
            self.look(looks, came, device, city)
            if self.chance(self.habits.two_browsers):
                self.look(looks, came + 90, self.device(), city)
            if self.chance(returns):
                self.look(looks, came + self.random.uniform(0, days) * DAY, device, city)

    def staff(self, looks, at, city, days):
        for _ in range(self.random.randint(1, 3)):
            device = self.device()
            for _ in range(self.random.randint(1, 8)):
                self.look(looks, at + self.random.uniform(0, days) * DAY, device, city)

    def display(self, looks, at):
        city, days = self.city(), self.random.uniform(30, 240)
        self.staff(looks, at, city, days)
        self.visitors(looks, at, city, self.random.randint(12, 90), days, self.habits.display_visitor_returns)
        if self.chance(0.3):
            self.household(looks, at + (days + 3) * DAY, city if self.chance(0.7) else self.city())

    def tin(self, looks, at):
        city, days = self.city(), self.random.uniform(30, 180)
        if self.chance(0.5):
            self.staff(looks, at, city, days)
            self.visitors(looks, at, city, self.random.randint(4, 30), days, 0.05)
        else:
            self.visitors(looks, at, city, self.random.randint(3, 15), days, 0.35)

    def trade_fair(self, looks, at):
        for city in self.random.sample(CITY_NAMES, self.random.choice((1, 1, 2, 3))):
            days = self.random.uniform(2, 5)
            self.visitors(looks, at, city, self.random.randint(15, 100), days, 0.02)
            at += self.random.uniform(10, 60) * DAY

    def public(self, looks, at):
        if self.chance(0.4):
            self.household(looks, at - self.random.uniform(1, 20) * DAY, self.city())
        hours = self.log_days(0.5, 10)
        for _ in range(int(self.log_days(80, 600))):
            self.look(
                looks, at + self.random.betavariate(1.2, 2.5) * hours * 3600, self.device(), self.city()
            )
        for _ in range(int(self.log_days(1, 60))):
            self.look(looks, at + self.random.expovariate(1 / (5 * DAY)), self.device(), self.city())

    def two_homes(self, looks, at):
        for city in (home := self.city(), self.city() if self.chance(0.5) else self.near(home)):
            self.person(looks, at + self.random.uniform(0, 40) * DAY, city)
            self.person(looks, at + self.random.uniform(0, 40) * DAY, city)

    def near(self, city):
        return self.random.choice(list(PROVINCES[PROVINCE_OF[city]]))

    def genuine_kind(self):
        h = self.habits
        kinds = (
            ("gift chain", h.gift_chain, self.gift_chain),
            ("display", h.on_display, self.display),
            ("tin", h.tin, self.tin),
            ("trade fair", h.trade_fair, self.trade_fair),
            ("public", h.shown_publicly, self.public),
            ("two homes", h.lives_in_two_cities, self.two_homes),
        )
        dice = self.random.random()
        for name, share, make in kinds:
            if (dice := dice - share) < 0:
                return name, make
        return "plain", self.plain

    def sale_day(self):
        return START + (100 + self.random.uniform(0, 300)) * DAY

    def genuine(self, name):
        kind, make = self.genuine_kind()
        code = Code(name, kind)
        make(code.looks, self.sale_day())
        return code

    def cartons(self, codes):
        """Resellers look at each box of some cartons before the sale."""
        codes = iter([c for c in codes if c.kind == "plain" and self.chance(self.habits.in_checked_carton)])
        while carton := [c for c, _ in zip(codes, range(self.random.choice((6, 12, 24))), strict=False)]:
            reseller, city = self.device(), self.city()
            at = min(look[0] for c in carton for look in c.looks) - self.random.uniform(1, 30) * DAY
            for number, code in enumerate(carton):
                code.kind = "carton"
                self.look(code.looks, at + 20 * number, reseller, city)
                if self.chance(0.1):
                    self.look(code.looks, at + 5 * DAY + 20 * number, reseller, city)

    # copied codes

    def market(self):
        h, dice = self.habits, self.random.random()
        if dice < h.one_city:
            return "one city", [self.city()]
        if dice < h.one_city + h.few_cities:
            return "few cities", [self.city() for _ in range(self.random.randint(2, 4))]
        if dice < h.one_city + h.few_cities + h.one_province:
            cities = list(PROVINCES[PROVINCE_OF[self.city()]])
            return ("one province" if len(cities) > 1 else "one city"), cities
        return "national", None

    def copied(self, name, *, copies=None, check_rate=None, market=None, days=None):
        h = self.habits
        kind, cities = market or self.market()
        copies = copies or int(self.log_days(2, 301))
        check_rate = check_rate or self.log_days(0.02, 0.5)
        days = days or self.log_days(h.sale_days_least, h.sale_days_most)
        code = Code(name, kind, copied=True, copies=copies, check_rate=check_rate, days=days)
        start = START + self.random.uniform(100, 300) * DAY
        if self.chance(check_rate):
            self.plain(code.looks, start - self.log_days(1, 60) * DAY)
        code.tested = self.chance(h.seller_tests)
        if code.tested:
            tester, city = self.device(), self.random.choice(cities) if cities else self.city()
            for _ in range(self.random.randint(1, 5)):
                self.look(code.looks, start - self.random.uniform(0, 3) * DAY, tester, city)
        for number in range(copies):
            if self.chance(check_rate):
                city = self.random.choice(cities) if cities else self.city()
                self.household(code.looks, start + self.random.uniform(0, days) * DAY, city, buyer=number)
                code.buyers += 1
        return code

    # batches

    def batch(self, name, units, *, copied=1, pooled=0):
        """`units` genuine looked-at codes, some copied ones, perhaps many that were copied a few times."""
        codes = [self.genuine(f"{name}-{n}") for n in range(units)]
        self.cartons(codes)
        codes += [self.copied(f"{name}-c{n}") for n in range(copied)]
        if pooled:
            market = self.market()
            rate = self.log_days(0.2, 0.6)
            for n in range(pooled):
                code = self.copied(
                    f"{name}-p{n}", copies=self.random.randint(2, 6), check_rate=rate, market=market
                )
                code.pooled = True
                codes.append(code)
        self.sticky.clear()
        return [code for code in codes if code.looks]


def stream(codes, rng):
    """All looks of a batch in time order."""
    channels = ("wechat", "wechat", "wechat", "web", "alipay")
    looks = [
        Look(at, code, device, city, rng.choice(channels), buyer)
        for code in codes
        for at, device, city, buyer in code.looks
    ]
    return sorted(looks, key=lambda look: look.at)
