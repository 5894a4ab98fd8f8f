"""Refusals: text for people, a stable code for machines, an HTTP status for the faces."""

from typing import Any


def N_(text: str) -> str:
    """Mark a text for translation; the face that shows it translates."""
    return text


class Refused(Exception):
    """An act that may not happen. Raised before anything is written, or rolled back by the face."""

    code = "refused"
    status = 422
    text = N_("此操作不能进行。")

    def __init__(self, **facts: Any):
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return self.text.format(**{name: _said(value) for name, value in self.facts.items()})


def _said(value: Any) -> Any:
    return "、".join(map(str, value)) if isinstance(value, list) else value


class NotFound(Refused):
    code = "not_found"
    status = 404
    text = N_("没有找到您要的内容。")


class Forbidden(Refused):
    code = "forbidden"
    status = 403
    text = N_("您没有权限查看此内容。")
