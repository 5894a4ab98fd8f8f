"""Lists do not leave unnoticed."""

from gi_trace.accounts.models import Account
from gi_trace.database import act
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


@act
def note_export(account: Account, name: str, *, form: str, rows: int, asked: str) -> None:
    """That the account took a list with it: which one, how long; `asked` is what it was narrowed by, which
    may itself name somebody."""
    facts = {"list": name, "form": form, "rows": rows}
    record(Acted.LIST_EXPORTED, account, by=account, facts=facts, personal={"asked": asked} if asked else {})
