"""A transcribed label is compared with its legal basis as on the phone: the same vectors as in the browser."""

import json
from pathlib import Path

import pytest

from gi_trace.patrol.label_check import expected_label, label_faults

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "label_checks.json").read_text("utf-8"))


@pytest.mark.parametrize("one", VECTORS["labels"], ids=lambda one: ",".join(one["label"]) or "nothing")
def test_the_shared_vectors_hold(one):
    expected = expected_label(VECTORS["product"], VECTORS["rights"], one["label"])
    assert expected == one["expected"]
    assert label_faults(one["label"], expected) == one["faults"]


def test_a_firms_own_code_narrows_what_its_label_may_say():
    label = {"uscc": VECTORS["rights"][1]["uscc"]}
    expected = expected_label(VECTORS["product"], VECTORS["rights"], label)
    assert expected["mark_number"] == ["7654321"] and expected["maker"] == ["胡记示范陈皮行"]
