"""What stands in the navigation of each face."""

from flask_babel import lazy_gettext as _

NAVIGATION = {
    "enterprise": [
        ("enterprise.home", _("首页")),
        ("enterprise.list_batches", _("产品批次")),
        ("enterprise.list_clerks", _("账号")),
    ],
    "inspector": [
        ("inspector.home", _("查验")),
    ],
    "authority": [
        ("authority.home", _("首页")),
        ("authority.list_roll", _("用标名册")),
        ("authority.list_stops", _("冻结与召回")),
        ("authority.list_accounts", _("账号")),
        ("authority.show_record", _("存证记录")),
    ],
}


def face_nav(face: str | None, endpoint: str | None) -> list[tuple[str, object, bool]]:
    """(endpoint, label, is current) of the face's navigation."""
    return [(target, label, target == endpoint) for target, label in NAVIGATION.get(face or "", [])]


def footer_links() -> list[tuple[str, object]]:
    return [
        ("public.how_to_recognise", _("怎样辨认真正的查验网站")),
        ("public.what_a_code_cannot_prove", _("标识码不能证明什么")),
        ("public.privacy", _("隐私说明")),
    ]
