"""Shares that differ from case to case: how likely is it that so many of so many do something? Pure."""

from math import lgamma
from typing import NamedTuple


class Share(NamedTuple):
    """A beta distribution; its two numbers are as if so many had been seen to do it and not to do it."""

    yes: float
    no: float

    def log_chance(self, yes: int, no: int) -> float:
        """Of so many who do it and who do not, in the order in which they were seen."""
        return _log_beta(self.yes + yes, self.no + no) - _log_beta(self.yes, self.no)


class Returns(NamedTuple):
    """Of all devices that look at a pack, the share that comes back, and of these the share that does so soon."""

    back: Share
    soon: Share

    def log_chance(self, never: int, soon: int, late: int) -> float:
        return self.back.log_chance(soon + late, never) + self.soon.log_chance(soon, late)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
