"""What a shopper sees of every verdict without moving a finger, in each language; the whole page; a sheet of paper."""

import re
from itertools import product
from urllib.parse import urlencode

from gi_trace import clock
from gi_trace.database import writing
from gi_trace.stock.actions.holds import LabReport, report_test
from gi_trace.stock.rules.seasons import Season
from gi_trace.verification.verdicts import Verdict
from tests.browser.test_public_accessibility import serious_faults
from tests.cast import code, make_activated_batch, make_opening_stock, person
from tests.farm import AUTUMN, KG, blended, make_peel, make_peel_of
from tests.web.test_verdict_pages import CASES

PHONES = {360: 740, 390: 844}
LANGUAGES = {"zh-CN": "zh-Hans", "zh-HK": "zh-Hant", "en-GB": "en"}
SAID = ".band h1, .band .why, .verdict .todo"
COMPARED = ".label-drawing, .compare li, .age, .history"
LOWEST = "parts => Math.max(...parts.map(part => part.getBoundingClientRect().bottom))"
WHOLE = "body > footer"
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
                    assert lowest(page, WHOLE) <= MOST_SCREENS * high, (*place, wide)
            assert not verdict.accuses or page.locator(".compare").count() == 0
            assert page.locator("main h1").count() == 1
            assert page.locator("html").get_attribute("lang") == tag
            page.locator("details").evaluate_all("parts => parts.forEach(part => { part.open = true })")
            assert serious_faults(page) == [], place


def test_a_valid_page_ends_before_the_third_screen_however_much_is_known_of_the_pack(service, page_of, at):
    with service.app_context():
        at(AUTUMN)
        first = make_peel(50 * KG)
        report_test(first, LabReport("示范检字第 1 号", "示范检验所", clock.today(), True), by=person("zhao"))
        at("2027-11-30T08:00Z")
        second = make_peel_of(Season(2027))
        at("2032-11-25T08:00Z")
        traced = make_activated_batch(lot=first, net_weight_g=200)
        lot = blended([(first, 10 * KG), (second, 10 * KG), (make_opening_stock(), 10 * KG)])
        blend = make_activated_batch(lot=lot, net_weight_g=200, own_number="A-002")
        packs = [code(traced), code(blend)]
    shopper = page_of(user_agent="Mozilla/5.0")  # an earlier check, which the page then tells
    for pack in packs:
        shopper.goto(f"/c/{pack}")
    for language in LANGUAGES:
        page = page_of(locale=language)
        for pack, (wide, high) in product(packs, PHONES.items()):
            page.set_viewport_size({"width": wide, "height": high})
            page.goto(f"/c/{pack}")
            assert lowest(page, COMPARED) <= high, (language, pack, wide)
            assert lowest(page, WHOLE) <= MOST_SCREENS * high, (language, pack, wide)


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
