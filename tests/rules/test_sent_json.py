"""What others send as JSON is read within bounds, and refused whole and in words."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gi_trace.errors import Refused
from gi_trace.sent_json import (
    LARGEST,
    MOST_DEPTH,
    NO_TEXT,
    NOTHING_SEEN,
    TOO_DEEP,
    TOO_LARGE,
    TURNED,
    JsonUnfit,
    JsonUnreadable,
    read_json,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"]))
SOUND = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.floats(-1e9, 1e9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40)
@given(SOUND)
def test_what_is_sound_is_read_as_it_is(said):
    assert read_json(json.dumps(said).encode()) == said


@given(st.binary(max_size=40))
def test_whatever_comes_is_read_or_refused(sent):
    try:
        read_json(sent)
    except Refused as refusal:
        assert refusal.status == 400 and str(refusal)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (r'"\ud800"', NO_TEXT),
        (r'"x\udfffx"', NO_TEXT),
        (r'"\u0000"', NO_TEXT),
        (r'"\u202e示范"', TURNED),
        (r'"\u200b\u2060"', NOTHING_SEEN),
        (r'"\u3164"', NOTHING_SEEN),
        (str(10**30), TOO_LARGE),
        ("-" + "9" * 5000, TOO_LARGE),
        ("1e30", TOO_LARGE),
        ("1e999", TOO_LARGE),
        (str(LARGEST + 1), TOO_LARGE),
        ("[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1), TOO_DEEP),
    ],
)
def test_what_no_text_or_number_should_be_is_refused_with_its_place(value, fault):
    for sent, where in ((f'{{"draws":[{{"x":{value}}}]}}', "draws.0.x"), (f"[1,{value}]", "1")):
        with pytest.raises(JsonUnfit) as refused:
            read_json(sent)
        assert refused.value.facts["fault"] == fault and refused.value.facts["where"].startswith(where)


@pytest.mark.parametrize("name", [r"\ud800", r"\u0000", r"\u202e", r"\u200b"])
def test_names_of_fields_are_looked_at_as_texts_are(name):
    with pytest.raises(JsonUnfit):
        read_json(f'{{"{name}":1}}')


@pytest.mark.parametrize(
    "sent",
    [b"", b"[", b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b"NaN", b"[1,]", "一".encode("gbk"), b'{"a"'],
)
def test_what_is_no_json_is_refused_as_such(sent):
    with pytest.raises(JsonUnreadable):
        read_json(sent)


def test_what_people_write_passes():
    for text in ("", " ", "示范👨‍👩‍👧", "𠮷野家", "新会\n陈皮", "\u202a+86 750\u202c", "é", "\ue000"):
        assert read_json(json.dumps({"note": text})) == {"note": text}
