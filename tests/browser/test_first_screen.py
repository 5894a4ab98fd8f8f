"""What a shopper sees of every verdict without moving a finger, in each language; the whole page; a sheet of paper."""

import re
from urllib.parse import urlencode

from gi_trace.database import writing
from gi_trace.verification.verdicts import Verdict
from tests.browser.test_public_accessibility import serious_faults
from tests.cast import code
from tests.web.test_verdict_pages import CASES

PHONES = {360: 740, 390: 844}
LANGUAGES = {"zh-CN": "zh-Hans", "zh-HK": "zh-Hant", "en-GB": "en"}
SAID = ".band h1, .band .why, .verdict .todo"
COMPARED = ".label-drawing, .compare li, .age, .history"
LOWEST = "parts => Math.max(...parts.map(part => part.getBoundingClientRect().bottom))"
MAIN = "main"  # without the frame that every page has
MOST_SCREENS = 2.5


def made(service, verdict):
    """The address path of what leads to it; all stand in one service, each batch with a number of its own."""
    with service.app_context():
        case = CASES[verdict]()
        if isinstance(case, str):
            return f"/?{urlencode({'code': case})}"
        with writing():
            case.own_number = str(verdict)
        return f"/c/{code(case)}"


def lowest(page, parts):
    """Where the last of them ends, in pixels from the top; all of them are there."""
    found = page.locator(parts)
    assert {found.count()} - {0}
    return found.evaluate_all(LOWEST)


def test_the_first_screen_says_all_that_a_buyer_needs_and_axe_finds_nothing_serious(service, page_of):
    pages = {tag: page_of(bypass_csp=True, locale=language) for language, tag in LANGUAGES.items()}
    for verdict in sorted(CASES, key=Verdict.RIGHT_LOST.__eq__):  # whoever loses its right does so last
        address = made(service, verdict)
        for tag, page in pages.items():
            page.goto(address)
            place = (verdict, tag)
            for wide, high in PHONES.items():
                page.set_viewport_size({"width": wide, "height": high})
                assert lowest(page, SAID) <= high, (*place, wide)
                if verdict is Verdict.VALID:
                    assert lowest(page, COMPARED) <= high, (*place, wide)
                    assert lowest(page, MAIN) <= MOST_SCREENS * high, (*place, wide)
            assert not verdict.accuses or page.locator(".compare").count() == 0
            assert page.locator("main h1").count() == 1
            assert page.locator("html").get_attribute("lang") == tag
            page.locator("details").evaluate_all("parts => parts.forEach(part => { part.open = true })")
            assert serious_faults(page) == [], place


def test_a_verdict_is_printed_whole_on_one_sheet_with_time_and_address(service, page_of):
    page = page_of()
    for verdict in (Verdict.VALID, Verdict.SUSPECTED_COPY):
        page.goto(made(service, verdict))
        sheet = page.pdf(format="A4")
        assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1, verdict
        page.emulate_media(media="print")
        for words in ("查验时间", "统一社会信用代码"):
            assert page.get_by_text(words).is_visible()
        page.emulate_media(media="null")
