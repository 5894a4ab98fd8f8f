"""A place is read in one way, wherever people write it: on the roll, in a file of plots, in a form."""

import pytest

from gi_trace.excel.cells import Unreadable
from gi_trace.registry.models import find_area
from gi_trace.registry.rolls.columns import roll_columns
from gi_trace.registry.rolls.taking_over import registered
from gi_trace.stock.actions.import_plots import columns as columns_of_plots

WRITTEN = {
    "会城": [
        "会城",
        "会城街道",
        "会城街道办事处",
        "新会区会城街道",
        "广东省江门市新会区会城街道办事处",
        " 会 城 ",
        "440705-HUICHENG",
    ],
    "大泽": ["大泽", "大泽镇", "新会区大泽镇"],
    "台山市": ["台山市", "江门市台山市"],
}
PAIRS = [(written, name) for name, all_written in WRITTEN.items() for written in all_written]


def by_form(text):
    found = find_area(text)
    return found.name if found else None


def by_file(columns, text):
    [read] = [column.read for column in columns if column.key == "area"]
    try:
        return find_area(read(text)).name
    except Unreadable:
        return None


@pytest.mark.parametrize(("written", "name"), PAIRS)
def test_forms_rolls_and_plots_read_a_place_alike(app, written, name):
    assert by_form(written) == name
    assert by_file(roll_columns(registered()), written) == name
    assert by_file(columns_of_plots(), written) == name


@pytest.mark.parametrize("written", ["会城二", "镇", "无此镇", "街道办事处", "江门市"])
def test_what_is_not_registered_is_read_nowhere(app, written):
    assert by_form(written) is by_file(roll_columns(registered()), written) is None
    assert by_file(columns_of_plots(), written) is None
    assert find_area("") is find_area("  ") is None
