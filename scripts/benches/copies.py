"""`scripts/bench copies`: the copy detector and the rules in use elsewhere, on a population with labels.

    scripts/bench copies [--units 60000] [--seeds 3] [--labels FILE.csv --stream FILE.csv]

`--stream` and `--labels` publish the first seed's checks, as `verifications replay` reads them, and
the truth about its codes.
"""

import argparse
import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from gi_trace.verification.suspicion import BatchMemory, Sighting, UnitMemory, parameters, update
from scripts.benches.habits import Habits
from scripts.benches.population import DAY, Code, Population, stream
from scripts.benches.rivals import RIVALS, recall_at
from scripts.benches.worlds import WORLDS

UNITS_PER_BATCH = 500
COPIED_PER_BATCH = 5
POOLED_EVERY = 12
RATES = (1, 2, 5, 10, 20)
STRATA = ((2, 3), (4, 9), (10, 29), (30, 10**9))


@dataclass
class Outcome:
    """What became of one looked-at code."""

    code: Code
    batch: str
    score: float  # the highest
    rivals: dict
    alert_buyer: int | None = None  # copies' buyers who had looked by the alert
    alert_days: float | None = None  # since the first of them

    @property
    def alerted(self):
        return self.score >= parameters.ALARM


def watch_batch(codes, looks):
    """Outcomes of all codes of one batch."""
    batch, units, scores, history, alerts = BatchMemory(), {}, defaultdict(float), defaultdict(list), {}
    for look in looks:
        name = look.code.name
        check = Sighting(datetime.fromtimestamp(look.at, UTC), look.device, look.city, look.channel)
        units[name], batch, suspicion = update(units.get(name) or UnitMemory(), batch, check)
        scores[name] = max(scores[name], suspicion.score)
        history[name].append(look)
        if suspicion.alert:
            alerts[name] = delay(history[name])
    for code in codes:
        rivals = {rule: score(history[code.name]) for rule, score in RIVALS.items()}
        yield Outcome(
            code, code.name.split("-")[0], scores[code.name], rivals, *alerts.get(code.name, (None, None))
        )


def delay(history):
    """(copies' buyers so far, days since the first of them) at the last look of a history."""
    buyers = {}
    for look in history:
        if look.buyer is not None:
            buyers.setdefault(look.buyer, look.at)
    return len(buyers), (history[-1].at - min(buyers.values())) / DAY if buyers else 0.0


def watch_population(seed, habits, units, publish=None, world=Population):
    population, outcomes = world(seed, habits), []
    for number in range(units // UNITS_PER_BATCH):
        many = population.random.randint(50, 250) if number % POOLED_EVERY == POOLED_EVERY - 1 else 0
        codes = population.batch(f"b{number}", UNITS_PER_BATCH, copied=COPIED_PER_BATCH, pooled=many)
        looks = stream(codes, population.random)
        if publish:
            publish.add(codes, looks)
        outcomes += watch_batch(codes, looks)
        for code in codes:
            code.looks = []
    return outcomes


class Publication:
    """The stream and its labels as files."""

    def __init__(self, stream_file, labels_file):
        self.stream_file, self.labels_file, self.looks, self.codes = stream_file, labels_file, [], []

    def add(self, codes, looks):
        self.looks += looks
        self.codes += codes

    def write(self):
        self.looks.sort(key=lambda look: look.at)
        checks = csv.writer(self.stream_file, lineterminator="\n")
        checks.writerow(("at", "code", "batch", "device", "city", "channel"))
        for look in self.looks:
            at = datetime.fromtimestamp(int(look.at), UTC).isoformat()
            name = look.code.name
            checks.writerow((at, name, name.split("-")[0], look.device or "", look.city or "", look.channel))
        labels = csv.writer(self.labels_file, lineterminator="\n")
        labels.writerow(("code", "copied", "kind", "copies", "check_rate", "buyers_who_looked", "pooled"))
        for code in self.codes:
            labels.writerow(
                (
                    code.name,
                    int(code.copied),
                    code.kind,
                    code.copies,
                    f"{code.check_rate:.3f}",
                    code.buyers,
                    int(code.pooled),
                )
            )


# the report


def share(part, whole):
    return part / whole if whole else float("nan")


def recall(outcomes):
    return share(sum(o.alerted for o in outcomes), len(outcomes))


def single(outcomes, least=2, most=10**9):
    """Copied codes (not the pooled ones) of which so many copies' buyers looked."""
    return [o for o in outcomes if o.code.copied and not o.code.pooled and least <= o.code.buyers <= most]


def honest(outcomes):
    return [o for o in outcomes if not o.code.copied]


def false_alerts(outcomes):
    units = honest(outcomes)
    return 10_000 * recall(units)


def print_strata(title, outcomes, key):
    print(f"\n{title}")
    groups = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    for name in sorted(groups, key=str):
        print(f"  {name!s:<28} {recall(groups[name]):6.3f}  of {len(groups[name])}")


def stratum(number, bounds):
    return next(
        (f"{least}-{most}" if most < 10**9 else f"{least}+" for least, most in bounds if number <= most), ""
    )


def print_details(outcomes):
    copied = single(outcomes)
    print_strata("share alerted of honest units, by kind", honest(outcomes), lambda o: o.code.kind)
    print_strata("recall by copies' buyers who looked", copied, lambda o: stratum(o.code.buyers, STRATA))
    print_strata("recall by market", copied, lambda o: o.code.kind)
    print_strata(
        "recall by market and buyers", copied, lambda o: (o.code.kind, stratum(o.code.buyers, STRATA))
    )
    print_strata(
        "recall by days of sale, tested by the seller first or not",
        copied,
        lambda o: (stratum(o.code.days, ((0, 30), (31, 180), (181, 400))), "tested" * o.code.tested),
    )
    rates = ((0, 0.05), (0.05, 0.15), (0.15, 0.5))
    print_strata(
        "recall by check rate and copies",
        copied,
        lambda o: (
            stratum(o.code.check_rate, rates),
            stratum(o.code.copies, ((2, 9), (10, 49), (50, 10**9))),
        ),
    )
    unseen = [o for o in outcomes if o.code.copied and not o.code.pooled and o.code.buyers < 2]
    print(
        f"\nfewer than two copies' buyers looked: {len(unseen)} codes more, of which no history can show"
        f" anything; they are in no recall here ({sum(o.alerted for o in unseen)} alerted by accident)"
    )


def recalls_at(outcomes):
    """{rate: {rule: recall}} at equal rates of false alerts; "ours" is the detector."""
    units, copied = honest(outcomes), single(outcomes)
    scores = {"ours": lambda o: o.score} | {rule: lambda o, r=rule: o.rivals[r] for rule in RIVALS}
    return {
        rate: {
            rule: recall_at(rate, [score(o) for o in units], [score(o) for o in copied])
            for rule, score in scores.items()
        }
        for rate in RATES
    }


def pooled_batches_found(outcomes, rate=20):
    """Share of batches with many copied codes in which 5 % of these, and three, pass the threshold."""
    plain = sorted((o.score for o in honest(outcomes)), reverse=True)
    threshold = plain[int(rate * len(plain) / 10_000)]
    batches = defaultdict(list)
    for outcome in outcomes:
        if outcome.code.pooled:
            batches[outcome.batch].append(outcome.score > threshold)
    return share(sum(sum(hits) >= max(3, 0.05 * len(hits)) for hits in batches.values()), len(batches))


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--units", type=int, default=60_000, help="honest looked-at units per seed")
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--stream", type=argparse.FileType("w", encoding="utf-8"))
    options.add_argument("--labels", type=argparse.FileType("w", encoding="utf-8"))
    asked = options.parse_args()
    publish = Publication(asked.stream, asked.labels) if asked.stream and asked.labels else None

    runs = [
        watch_population(seed, Habits(), asked.units, publish if seed == 1 else None)
        for seed in range(1, asked.seeds + 1)
    ]
    if publish:
        publish.write()
    outcomes = [outcome for run in runs for outcome in run]
    print_details(outcomes)
    compared = recalls_at(outcomes)
    print("\nrecall at equal false alerts per 10,000 honest units")
    for rate, row in compared.items():
        print(f"  {rate:>2}  " + "  ".join(f"{rule} {value:.3f}" for rule, value in row.items()))
    print(
        "\nby seed: "
        + ", ".join(f"{false_alerts(run):.1f} false, recall {recall(single(run)):.3f}" for run in runs)
    )
    shifted = {
        name: watch_population(99, Habits().shifted(factor), asked.units)
        for name, factor in (("shifted_up", 1.5), ("shifted_down", 0.5))
    }
    others = {
        name: watch_population(77, Habits(), asked.units, world=world) for name, world in WORLDS.items()
    }
    print()
    for name, value in figures(outcomes, compared, shifted | others).items():
        print(name, f"{value:.3f}".rstrip("0").rstrip("."))


def figures(outcomes, compared, others):
    copied = single(outcomes)
    found = [o for o in copied if o.alert_buyer is not None]
    shows = [o for o in outcomes if o.code.kind == "public"]
    return {
        "alarm": parameters.ALARM,
        "false_alerts_per_10k": false_alerts(outcomes),
        "public_shows_alerted": recall(shows),
        "recall_2_up": recall(copied),
        "recall_10_29": recall(single(outcomes, 10, 29)),
        "recall_30_up": recall(single(outcomes, 30)),
        "alert_buyer_median": median(o.alert_buyer for o in found),
        "alert_days_median": median(o.alert_days for o in found),
        "recall_at_5": compared[5]["ours"],
        "gain_over_cities_at_5": compared[5]["ours"] - compared[5]["cities"],
        "gain_least": min(row["ours"] - row[rule] for row in compared.values() for rule in RIVALS),
        "pooled_batches_found_at_20": pooled_batches_found(outcomes),
        **{f"false_alerts_per_10k_{name}": false_alerts(run) for name, run in others.items()},
        **{f"recall_2_up_{name}": recall(single(run)) for name, run in others.items()},
    }


if __name__ == "__main__":
    main()
