"""Whatever an enum shows to people has words in the three languages."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import gi_trace
from gi_trace.record.acts import Acted
from gi_trace.words import Worded

TRANSLATIONS = Path(gi_trace.__file__).parent / "translations"


def kinds(of: type[Worded] = Worded) -> list[type[Worded]]:
    return [kind for below in of.__subclasses__() for kind in (below, *kinds(below))]


@pytest.fixture(scope="module", params=["en", "zh_Hant_HK"])
def texts(request):
    with (TRANSLATIONS / request.param / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=request.param)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_member_has_a_label_in_three_languages(kind, texts):
    unnamed = [member for member in kind if not (member.label and texts.get(member.label))]
    assert unnamed == []


def test_a_member_is_stored_as_its_value_alone():
    class Taste(Worded):
        more: str

        SWEET = "sweet", "甜", "extra"

    assert (Taste("sweet"), str(Taste.SWEET), Taste.SWEET.value) == (Taste.SWEET, "sweet", "sweet")
    assert (Taste.SWEET.label, Taste.SWEET.more) == ("甜", "extra")


def test_an_act_is_named_as_it_is_stored():
    assert [act for act in Acted if act.name != act.value.replace(".", "_").upper()] == []
