"""Tables of the stock ledger and their named reads."""

from gi_trace.stock.models.land import (
    Allocation,
    Harvest,
    Plot,
    find_allocation,
    plots_of,
    raw_material_of,
)
from gi_trace.stock.models.ledger import (
    ActKind,
    Posting,
    StandingAccount,
    StockAct,
)
from gi_trace.stock.models.lots import (
    Lot,
    LotParent,
    LotTest,
    Site,
    StayPeriod,
    lots_of,
    sites_of,
)
from gi_trace.stock.models.papers import (
    CheckPhoto,
    Hold,
    HoldKind,
    OnSiteCheck,
    Slip,
    Transfer,
    TransferState,
    find_slip,
    offers_by,
    offers_to,
    open_holds_on,
)

__all__ = [
    "ActKind",
    "Allocation",
    "CheckPhoto",
    "Harvest",
    "Hold",
    "HoldKind",
    "Lot",
    "LotParent",
    "LotTest",
    "OnSiteCheck",
    "Plot",
    "Posting",
    "Site",
    "Slip",
    "StandingAccount",
    "StayPeriod",
    "StockAct",
    "Transfer",
    "TransferState",
    "find_allocation",
    "find_slip",
    "lots_of",
    "offers_by",
    "offers_to",
    "open_holds_on",
    "plots_of",
    "raw_material_of",
    "sites_of",
]
