"""Loading what is the signed-in party's own: 404 when there is none, 403 when it is another's."""

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch, PrintRun
from gi_trace.database import db
from gi_trace.errors import Forbidden, NotFound
from gi_trace.registry.models import Party
from gi_trace.web.guards import me


def own_party() -> Party:
    party = me().party
    if party is None:
        raise Forbidden
    return party


def get_own_batch(number: int) -> Batch:
    batch = db.session.get(Batch, number)
    if batch is None:
        raise NotFound
    if batch.party_id != me().party_id:
        raise Forbidden
    return batch


def get_own_print_run(run_id: int) -> PrintRun:
    run = db.session.get(PrintRun, run_id)
    if run is None:
        raise NotFound
    if run.batch.party_id != me().party_id:
        raise Forbidden
    return run


def get_own_clerk(account_id: int) -> Account:
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound
    if account.party_id != me().party_id:
        raise Forbidden
    return account
