"""Labels of a printed sheet read back by two independent decoders, as they come and after what labels meet.

The same on 10,000 labels, beside the symbols of `qrcode`, is `scripts/bench sheets`.
"""

import random

import pytest

from scripts.benches.largest_downloads import PREFIX
from scripts.benches.reading import DAMAGES, DECODERS
from scripts.benches.sheets import framed, printed_symbols

LABELS = 48


@pytest.fixture(scope="module")
def printed():
    """Pictures of the symbols at 300 dots per inch, and what they should say."""
    pictures, codes = zip(*printed_symbols(LABELS), strict=True)
    return framed(pictures), [PREFIX + code for code in codes]


@pytest.mark.parametrize("decoder", DECODERS)
def test_every_printed_label_is_read_back(printed, decoder):
    pictures, texts = printed
    assert [DECODERS[decoder](picture) for picture in pictures] == [[text] for text in texts]


@pytest.mark.parametrize(("decoder", "least"), [("zxing-cpp", 0.9), ("zbar", 0.7)])
@pytest.mark.parametrize("damage", DAMAGES)
def test_most_damaged_labels_are_read_back_and_none_as_another(printed, damage, decoder, least):
    read = []
    for number, (picture, text) in enumerate(zip(*printed, strict=True)):
        found = DECODERS[decoder](DAMAGES[damage](picture, random.Random(number)))
        assert set(found) <= {text}
        read.append(bool(found))
    assert sum(read) / LABELS >= least
