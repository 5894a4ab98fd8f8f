"""Shops are ranked by expected finds, with reasons in words."""

from gi_trace.casework.rules.ranking import ShopHistory, expected_finds, reasons_for, where_to_go


def words(shop):
    return [text.format(**facts) for text, facts in reasons_for(shop)]


def test_an_open_lead_outweighs_old_findings():
    lead = ShopHistory("a", open_leads=1, days_since_visit=60)
    past = ShopHistory("b", past_findings=2, days_since_visit=60)
    assert [stop.shop_id for stop in where_to_go([past, lead])] == ["a", "b"]


def test_a_shop_seen_today_comes_last_and_one_never_seen_before_a_plain_one():
    today, never = ShopHistory("a", open_leads=2, days_since_visit=0), ShopHistory("b")
    plain = ShopHistory("c", days_since_visit=400)
    assert [stop.shop_id for stop in where_to_go([today, never, plain])] == ["b", "c", "a"]


def test_more_of_a_sign_never_lowers_the_expectation():
    for sign in ("open_leads", "public_reports", "city_alerts", "past_findings"):
        finds = [
            expected_finds(ShopHistory("a", **{sign: count}, days_since_visit=30)) for count in range(20)
        ]
        assert finds == sorted(finds) and finds[1] > finds[0]


def test_reasons_say_what_counts_and_nothing_else():
    shop = ShopHistory("a", open_leads=2, city="示范市", city_alerts=3, days_since_visit=12)
    assert words(shop) == ["未办结线索 2 条", "示范市有 3 个标识触发复制警报", "距上次巡查 12 天"]
    assert words(ShopHistory("b")) == ["从未巡查"]


def test_a_shop_counts_in_full_a_quarter_after_a_visit_and_never_more():
    finds = [expected_finds(ShopHistory("a", open_leads=1, days_since_visit=days)) for days in (45, 90, 400)]
    assert finds[0] * 2 == finds[1] == finds[2]


def test_many_of_a_sign_tell_no_more_than_its_cap():
    for sign in ("open_leads", "public_reports", "city_alerts", "past_findings"):
        many = [expected_finds(ShopHistory("a", **{sign: count}, days_since_visit=90)) for count in (20, 200)]
        assert many[0] == many[1]


def test_equal_shops_stand_in_one_order():
    assert [shop.shop_id for shop in where_to_go([ShopHistory("b"), ShopHistory("a")])] == ["a", "b"]
