"""Populations whose people behave otherwise than the detector's parameters expect; it has to hold there too."""

from scripts.benches.population import DAY, Population


class SoonVisitors(Population):
    """Visitors of displays and colleagues come back as soon as buyers do."""

    def visitors(self, looks, at, city, number, days, returns):
        for _ in range(number):
            device, came = self.device(), at + self.random.uniform(0, days) * DAY
            self.look(looks, came, device, city)
            if self.chance(returns):
                self.look(looks, came + self.return_days() * DAY, device, city)


class LargeOffices(Population):
    """Every tin stands in an office of up to 30 people, most of whom look several times."""

    def tin(self, looks, at):
        city, days = self.city(), self.random.uniform(30, 240)
        for _ in range(self.random.randint(5, 30)):
            device = self.device()
            for _ in range(1 + int(self.random.expovariate(1 / 1.5))):
                self.look(looks, at + self.random.uniform(0, days) * DAY, device, city)


class LateReturns(Population):
    """Who looks again does so at any time within two months; a buyer's return tells less."""

    def return_days(self):
        return self.random.uniform(0.05, 60)


WORLDS = {"soon_visitors": SoonVisitors, "large_offices": LargeOffices, "late_returns": LateReturns}
