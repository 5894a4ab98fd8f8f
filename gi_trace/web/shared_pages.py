"""Pages that several faces have."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from gi_trace.accounts.models import Role
from gi_trace.web.guards import only


class SharedPages(Blueprint):
    """Declared like those of a face; a face that takes them in has them under its own name, address and guard.

    `roles`, where given, are the only ones that work with them. Flask's own nesting would put a second name before
    each page, and no page could lead to another without knowing where that one is declared.
    """

    def __init__(self, name: str, *roles: Role):
        super().__init__(name, __name__)
        self.roles = roles

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        *args: Any,
        **options: Any,
    ) -> None:
        guarded = only(*self.roles)(view_func) if self.roles and view_func else view_func
        super().add_url_rule(rule, endpoint, guarded, *args, **options)

    def join(self, face: Blueprint) -> None:
        for page in self.deferred_functions:
            face.record(page)
