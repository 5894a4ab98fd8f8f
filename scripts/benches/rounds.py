"""Timing on a machine that is never quiet: contestants take turns, only ratios within a round count."""

import time
from collections.abc import Callable
from statistics import median

Contestant = Callable[[], int]


def rates(contestants: dict[str, Contestant], rounds: int) -> dict[str, list[float]]:
    """Items per second of each contestant in each round; a contestant returns how many items it made."""
    for contestant in contestants.values():
        contestant()
    measured: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            start = time.perf_counter()
            items = contestant()
            measured[name].append(items / (time.perf_counter() - start))
    return measured


def ratio(measured: dict[str, list[float]], name: str, to: str) -> float:
    return median(a / b for a, b in zip(measured[name], measured[to], strict=True))


def show(results: dict[str, float]) -> None:
    for name, value in results.items():
        print(name, f"{value:.4g}" if value < 1000 else f"{value:.0f}")
