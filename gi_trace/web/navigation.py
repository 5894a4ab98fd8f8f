"""What stands in the navigation of each face."""

from typing import NamedTuple

from flask import current_app
from flask_babel import lazy_gettext as _
from flask_login import current_user

from gi_trace.accounts.models import Role


class Page(NamedTuple):
    """A page of the menu; the pages behind it are the views of its own module and of `modules`."""

    endpoint: str
    label: object
    modules: str = ""

    def has(self, endpoint: str) -> bool:
        module, own = (current_app.view_functions[name].__module__ for name in (endpoint, self.endpoint))
        return module == own or module.rpartition(".")[2] in self.modules.split()


class MenuEntry(NamedTuple):
    """A page, or several under one heading, as the menu shows them: pages are (page, is current)."""

    label: object
    pages: list[tuple[Page, bool]]
    is_current: bool


ENTERPRISE = [
    Page("enterprise.home", _("首页"), "rights right_letters"),
    Page("enterprise.list_lots", _("批料"), "mixing harvest_lists"),
    Page("enterprise.list_transfers", _("转让")),
    Page("enterprise.list_batches", _("产品批次"), "packing"),
    Page("enterprise.list_print_runs", _("印制批"), "label_files"),
    Page("enterprise.list_layouts", _("标签排版"), "label_previews"),
    Page("enterprise.list_applications", _("用标申请")),
    Page("enterprise.show_books", _("台账")),
    Page("enterprise.list_sites", _("场所")),
    Page("enterprise.list_stock_requests", _("更正与补报申请")),
    Page("enterprise.list_clerks", _("账号"), "tokens"),
]
VILLAGE = [
    Page("enterprise.home", _("首页")),
    Page("enterprise.list_growers", _("种植户与地块"), "plot_roll plots harvest_lists"),
    Page("enterprise.list_lots", _("批料")),
    Page("enterprise.list_transfers", _("转让")),
    Page("enterprise.list_stock_requests", _("更正与补报申请")),
]
INSPECTOR = [
    Page("inspector.home", _("查验"), "code_pages"),
    Page("inspector.patrol", _("巡查"), "patrol_items"),
    Page("inspector.list_visits", _("巡查记录")),
    Page("inspector.show_own_work", _("我的案件"), "lead_pages case_pages paper_pages"),
    Page("inspector.list_on_site_checks", _("期初库存")),
    Page("inspector.list_stock_requests", _("看货")),
]
AUTHORITY = {
    _("首页"): [Page("authority.home", _("首页")), Page("authority.list_proposals", _("待复核"))],
    _("办案"): [
        Page("authority.list_leads", _("线索"), "lead_pages paper_pages"),
        Page("authority.list_cases", _("案件"), "case_pages"),
        Page("authority.list_lead_transfers", _("移送")),
        Page("authority.list_campaigns", _("专项行动")),
    ],
    _("监测"): [
        Page("authority.list_alerts", _("警报")),
        Page("authority.list_reports", _("公众反映")),
        Page("authority.list_stops", _("冻结与召回")),
        Page("authority.list_checks", _("公众查验")),
        Page("authority.show_reconciliation", _("产季核对")),
    ],
    _("用标"): [
        Page("authority.list_roll", _("用标名册"), "parties successions"),
        Page("authority.list_authorisations", _("用标授权"), "right_mending right_letters"),
        Page("authority.list_applications", _("用标申请")),
        Page("authority.list_products", _("产品"), "artwork materials glossary"),
        Page("authority.list_imports", _("导入记录"), "import_pages"),
    ],
    _("批次与标识"): [
        Page("authority.list_batches", _("产品批次"), "code_pages"),
        Page("authority.list_print_runs", _("标识核对")),
    ],
    _("原料"): [
        Page("authority.list_plots", _("地块与产量"), "growers plot_roll harvest_lists"),
        Page("authority.list_lots", _("批料")),
        Page("authority.list_on_site_checks", _("期初库存")),
        Page("authority.list_stock_requests", _("企业和村的申请")),
        Page("authority.show_books", _("台账")),
    ],
    _("管理"): [
        Page("authority.list_accounts", _("账号")),
        Page("authority.list_patrol_phones", _("巡查手机")),
        Page("authority.show_desk", _("期限与编号")),
        Page("authority.list_acts", _("存证记录")),
        Page("authority.list_jobs", _("后台工作"), "jobs"),
    ],
}


def face_nav(face: str | None, endpoint: str | None) -> list[MenuEntry]:
    """The menu of the face, with the page that the endpoint is, or lies behind."""
    if face == "authority":
        groups = list(AUTHORITY.items())
    else:
        village = face == "enterprise" and getattr(current_user, "role", None) is Role.VILLAGE
        flat = VILLAGE if village else {"enterprise": ENTERPRISE, "inspector": INSPECTOR}.get(face or "", [])
        groups = [(page.label, [page]) for page in flat]
    current = _current([page for _label, pages in groups for page in pages], endpoint)
    return [
        MenuEntry(label, [(page, page is current) for page in pages], current in pages)
        for label, pages in groups
    ]


def _current(pages: list[Page], endpoint: str | None) -> Page | None:
    exact = [page for page in pages if page.endpoint == endpoint]
    return next(iter(exact or [page for page in pages if endpoint and page.has(endpoint)]), None)


def footer_links() -> list[tuple[str, object]]:
    return [
        ("public.report", _("告诉我们")),
        ("public.show_roll", _("查用标企业")),
        ("apply.apply", _("申请使用标志")),
        ("public.how_to_recognise", _("怎样辨认真正的查验网站")),
        ("public.what_a_code_cannot_prove", _("标识码不能证明什么")),
        ("public.show_record", _("存证记录")),
        ("public.privacy", _("隐私说明")),
    ]


def filings() -> list[tuple[str, str]]:
    """Numbers under which the site is filed, with the registers' addresses, as every site in China shows them."""
    icp, police = (current_app.config[name] for name in ("ICP_NUMBER", "POLICE_NUMBER"))
    code = "".join(one for one in police if one in "0123456789")
    links = [(icp, "https://beian.miit.gov.cn/")]
    links.append((police, f"https://beian.mps.gov.cn/#/query/webSearch?code={code}"))
    return [(number, address) for number, address in links if number]
