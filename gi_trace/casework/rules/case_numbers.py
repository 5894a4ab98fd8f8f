"""Case numbers in the office's own form, counted anew each year. Pure."""

import re

from gi_trace.errors import N_, Refused

FIELD = re.compile(r"\{(\w*)[^{}]*\}")


class NumberFormUnfit(Refused):
    code = "number_form_unfit"
    text = N_("编号格式须各含一次 {{year}} 和 {{serial}}，例如“示市监处罚〔{{year}}〕{{serial}}号”。")


def check_number_form(form: str) -> None:
    plain = form.count("{") == form.count("}") == 2
    if not plain or sorted(FIELD.findall(form)) != ["serial", "year"] or ":" in form or "!" in form:
        raise NumberFormUnfit


def number_of(form: str, *, year: int, serial: int) -> str:
    """`示市监处罚〔{year}〕{serial}号` gives 示市监处罚〔2026〕177号."""
    return form.replace("{year}", str(year)).replace("{serial}", str(serial))
