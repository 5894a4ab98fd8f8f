"""Which state each unit is in, where many ranges were told one after another. Pure."""

import numpy as np

Runs = tuple[np.ndarray, np.ndarray]


def latest_states(total: int, first: np.ndarray, last: np.ndarray, state: np.ndarray) -> dict[int, Runs]:
    """Units 0..total-1 by state, as (starts, ends) of sorted runs that do not touch.

    `first`, `last`, `state` are ranges in the order in which they were told; of ranges that overlap the
    latest speaks. `state` is at least 1; units of which nothing was told are in state 0.
    """
    if not total:
        return {}
    order = np.argsort(first)
    first, last, numbers = first[order], last[order], order + 1
    bounds = np.sort(np.concatenate([first, last + 1, [0, total]]))
    bounds = bounds[np.concatenate([[True], np.diff(bounds) > 0])]
    teller = np.zeros(len(bounds) - 1, np.int64)  # number of the range that speaks, from 1
    begins, ends = np.searchsorted(bounds, first), np.searchsorted(bounds, last + 1)
    narrow = ends - begins == 1
    np.maximum.at(teller, begins[narrow], numbers[narrow])
    for begin, end, number in zip(begins[~narrow], ends[~narrow], numbers[~narrow], strict=True):
        np.maximum(teller[begin:end], number, out=teller[begin:end])
    told = np.concatenate([[0], state])[teller]
    changes = np.flatnonzero(np.diff(told)) + 1
    starts = np.concatenate([[0], changes])
    states, firsts = told[starts], bounds[starts]
    lasts = np.concatenate([firsts[1:], [total]]) - 1
    return {int(each): (firsts[states == each], lasts[states == each]) for each in np.unique(states)}


def joined(parts: list[Runs]) -> Runs:
    """Runs of parts that follow one another; runs that touch where parts meet become one."""
    starts, ends = (np.concatenate(side) for side in zip(*parts, strict=True))
    apart = starts[1:] > ends[:-1] + 1
    return starts[np.concatenate([[True], apart])], ends[np.concatenate([apart, [True]])]
