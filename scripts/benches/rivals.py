"""The three rules in use elsewhere, as scores, so that any threshold of each can be compared."""

from collections import Counter

DAY = 86_400


def rush(looks):
    """Three checks in 24 h or ten in 7 days is 1.0; other values are the rule made laxer or stricter."""
    times = [look.at for look in looks]
    return max(_most_within(times, DAY) / 3, _most_within(times, 7 * DAY) / 10)


def many(looks):
    """More than N checks."""
    return len(looks)


def cities(looks):
    """At least N cities; three is the usual N."""
    return len({look.city for look in looks if look.city})


RIVALS = {"rush": rush, "many": many, "cities": cities}


def _most_within(times, span):
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] > span:
            first += 1
        most = max(most, last - first + 1)
    return most


def recall_at(rate, honest, copied):
    """Share of `copied` scores above the threshold at which `rate` of 10,000 `honest` ones are.

    Between two thresholds a coin decides, so that rules with few distinct scores are compared fairly.
    """
    allowed, alarms, found = rate * len(honest) / 10_000, 0, 0
    honest_at, copied_at = Counter(honest), Counter(copied)
    for score in sorted({*honest, *copied}, reverse=True):
        tied_honest, tied_copied = honest_at[score], copied_at[score]
        if alarms + tied_honest > allowed:
            return (found + tied_copied * (allowed - alarms) / tied_honest) / len(copied)
        alarms, found = alarms + tied_honest, found + tied_copied
    return found / len(copied)
