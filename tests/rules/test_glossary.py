"""Names are said in the reader's language where they have one there, and told to be Chinese where not."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gi_trace.registry.first_names import ROWS
from gi_trace.registry.first_products import XINHUI_TOWNS
from gi_trace.registry.glossary import CHINESE, HAN, LANGUAGES, Glossary

TEXT = some.text(alphabet="新会陈皮ab 0-", max_size=6)


@pytest.mark.parametrize(
    "name", ["新会陈皮", "新会柑", "台山大米", "台山市", *(name for _, name, _ in XINHUI_TOWNS)]
)
def test_what_comes_with_the_service_has_a_name_in_every_language(name):
    assert all(Glossary().name_in(language, name) for language in LANGUAGES)


def test_each_first_name_is_told_once_and_in_its_language():
    assert len({chinese for chinese, *_ in ROWS}) == len(ROWS)
    assert not [row for row in ROWS if HAN.search(row[2]) or not HAN.search(row[1])]


def test_what_was_entered_stands_before_what_came_with_the_service_and_may_take_it_away():
    entered = {("en", "新会陈皮"): "Xinhui Mandarin Peel", ("en", "新会柑"): ""}
    glossary = Glossary(entered)
    assert glossary.name_in("en", "新会陈皮") == "Xinhui Mandarin Peel"
    assert glossary.name_in("en", "新会柑") is None
    assert glossary.name_in("zh-Hant", "新会柑") == "新會柑"


def test_several_names_are_one_text_in_one_language():
    said, chinese = Glossary().say(
        "en", {"known": ["会城", "三江"], "half": ["会城", "示范村"], "number": ["123"]}
    )
    assert said == {"known": "Huicheng, Sanjiang", "half": "会城、示范村", "number": "123"}
    assert chinese == {"half"}


@given(some.dictionaries(TEXT, TEXT), some.lists(TEXT), some.sampled_from([CHINESE, *LANGUAGES]))
def test_nothing_is_said_in_chinese_without_being_told_so(entered, names, language):
    glossary = Glossary({("en", chinese): name for chinese, name in entered.items() if not HAN.search(name)})
    said, chinese = glossary.say(language, {"names": names})
    if language == "en" and HAN.search(said["names"]):
        assert chinese == {"names"} and said["names"] == "、".join(names)
    if language == CHINESE:
        assert said["names"] == "、".join(names) and not chinese
