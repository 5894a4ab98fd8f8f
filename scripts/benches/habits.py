"""The published parameters of the simulated population, and the places it lives in.

Shares are of units unless said otherwise; none is measured on real chenpi buyers, so `shifted` moves
them by half and the detector has to hold there too.
"""

from dataclasses import dataclass, fields, replace

# Cities by province, with a weight for their trade; a wrong look-up often stays within the province.
PROVINCES = {
    "广东": {
        "广州": 16,
        "深圳": 16,
        "江门": 14,
        "佛山": 9,
        "东莞": 8,
        "珠海": 4,
        "中山": 4,
        "惠州": 3,
        "汕头": 2,
        "湛江": 2,
        "肇庆": 1.5,
        "茂名": 1,
        "清远": 1,
    },
    "广西": {"南宁": 2.5, "桂林": 1, "柳州": 1, "北海": 0.5, "玉林": 0.7},
    "福建": {"福州": 2, "厦门": 2.5, "泉州": 2, "漳州": 0.8},
    "浙江": {"杭州": 4, "宁波": 2, "温州": 1.5, "金华": 1, "嘉兴": 0.8},
    "江苏": {"南京": 3, "苏州": 3.5, "无锡": 1.5, "徐州": 0.8, "南通": 0.8},
    "上海": {"上海": 8},
    "北京": {"北京": 8},
    "天津": {"天津": 2},
    "山东": {"济南": 1.5, "青岛": 2, "烟台": 0.8, "潍坊": 0.7},
    "河北": {"石家庄": 1, "唐山": 0.6, "保定": 0.6},
    "河南": {"郑州": 2, "洛阳": 0.7, "南阳": 0.4},
    "湖北": {"武汉": 3, "宜昌": 0.6, "襄阳": 0.4},
    "湖南": {"长沙": 2.5, "株洲": 0.5, "衡阳": 0.5},
    "江西": {"南昌": 1.2, "赣州": 0.7},
    "安徽": {"合肥": 1.6, "芜湖": 0.4},
    "四川": {"成都": 4, "绵阳": 0.5, "宜宾": 0.3},
    "重庆": {"重庆": 3},
    "陕西": {"西安": 2, "咸阳": 0.3},
    "辽宁": {"沈阳": 1.2, "大连": 1.2},
    "吉林": {"长春": 0.8},
    "黑龙江": {"哈尔滨": 0.9},
    "云南": {"昆明": 1.3},
    "贵州": {"贵阳": 0.9},
    "山西": {"太原": 0.8},
    "海南": {"海口": 0.7, "三亚": 0.4},
    "新疆": {"乌鲁木齐": 0.4},
    "甘肃": {"兰州": 0.5},
}


@dataclass(frozen=True)
class Habits:
    """How people and copiers behave. Times are in days unless the name says otherwise."""

    # what a look-up of a place gets wrong
    wrong_city: float = 0.10  # issue 5
    wrong_city_sticks: float = 0.5  # of these, the share that belongs to the device (its carrier's gateway)
    wrong_city_near: float = 0.5  # of these, the share that names a city of the same province
    no_city: float = 0.08  # issue 5
    no_device: float = 0.02  # cookies refused, address hashed away

    # a household that has the pack in hand
    second_member: float = 0.25  # each further device, at most three
    two_browsers: float = 0.10  # the same person, minutes later
    looks_again: float = 0.25  # per look of each device, minutes to months later
    reopens_page: float = 0.03  # again from the browser's history, after the pack was given away
    travels: float = 0.03  # a later look of a known device from another city

    # what happens to a genuine unit
    seller_looks: float = 0.12  # a shop tries the code before the sale
    sold_online: float = 0.5  # then the buyer's city has nothing to do with the shop's
    given_once: float = 0.15
    given_to_other_city: float = 0.6
    receiver_looks: float = 0.4
    gift_chain: float = 0.006  # three or four cities, most holders look
    on_display: float = 0.003
    tin: float = 0.006  # restaurants and offices
    trade_fair: float = 0.002
    shown_publicly: float = 0.001  # livestream or photo
    in_checked_carton: float = 0.05  # a reseller looks at each box
    lives_in_two_cities: float = 0.01  # a commuter's or a couple's pack
    display_visitor_returns: float = 0.05

    # copies
    seller_tests: float = 0.4
    one_city: float = 0.15
    few_cities: float = 0.20  # two to four cities, anywhere
    one_province: float = 0.20
    sale_days_least: float = 10
    sale_days_most: float = 400

    def shifted(self, factor):
        """Every share (not the copiers' choice of market) times `factor`."""
        kept = {"one_city", "few_cities", "one_province", "sale_days_least", "sale_days_most"}
        return replace(
            self,
            **{f.name: min(0.9, getattr(self, f.name) * factor) for f in fields(self) if f.name not in kept},
        )
