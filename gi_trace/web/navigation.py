"""What stands in the navigation of each face."""

from flask_babel import lazy_gettext as _
from flask_login import current_user

from gi_trace.accounts.models import Role

NAVIGATION = {
    "enterprise": [
        ("enterprise.home", _("首页")),
        ("enterprise.list_lots", _("批料")),
        ("enterprise.list_transfers", _("转让")),
        ("enterprise.list_batches", _("产品批次")),
        ("enterprise.show_books", _("台账")),
        ("enterprise.list_sites", _("场所")),
        ("enterprise.list_clerks", _("账号")),
    ],
    "village": [
        ("enterprise.home", _("首页")),
        ("enterprise.list_growers", _("种植户与地块")),
        ("enterprise.list_lots", _("批料")),
        ("enterprise.list_transfers", _("转让")),
    ],
    "inspector": [
        ("inspector.home", _("查验")),
        ("inspector.patrol", _("巡查")),
        ("inspector.list_visits", _("巡查记录")),
        ("inspector.list_own_work", _("我的案件")),
        ("inspector.list_on_site_checks", _("期初库存")),
    ],
    "authority": [
        ("authority.home", _("首页")),
        ("authority.list_leads", _("线索")),
        ("authority.list_cases", _("案件")),
        ("authority.list_lead_transfers", _("移送")),
        ("authority.list_campaigns", _("专项行动")),
        ("authority.list_roll", _("用标名册")),
        ("authority.list_products", _("产品")),
        ("authority.list_alerts", _("警报")),
        ("authority.list_reports", _("公众反映")),
        ("authority.list_stops", _("冻结与召回")),
        ("authority.list_plots", _("地块与产量")),
        ("authority.list_lots", _("批料")),
        ("authority.list_on_site_checks", _("期初库存")),
        ("authority.show_books", _("台账")),
        ("authority.show_reconciliation", _("产季核对")),
        ("authority.list_print_runs", _("标识核对")),
        ("authority.list_accounts", _("账号")),
        ("authority.list_patrol_phones", _("巡查手机")),
        ("authority.show_desk", _("期限与编号")),
        ("authority.show_record", _("存证记录")),
    ],
}


def face_nav(face: str | None, endpoint: str | None) -> list[tuple[str, object, bool]]:
    """(endpoint, label, is current) of the face's navigation."""
    village = face == "enterprise" and getattr(current_user, "role", None) is Role.VILLAGE
    shown = NAVIGATION.get("village" if village else face or "", [])
    return [(target, label, target == endpoint) for target, label in shown]


def footer_links() -> list[tuple[str, object]]:
    return [
        ("public.report", _("告诉我们")),
        ("public.show_roll", _("查用标企业")),
        ("public.how_to_recognise", _("怎样辨认真正的查验网站")),
        ("public.what_a_code_cannot_prove", _("标识码不能证明什么")),
        ("public.privacy", _("隐私说明")),
    ]
