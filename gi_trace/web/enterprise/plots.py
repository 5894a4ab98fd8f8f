"""The plots of a village's growers."""

from gi_trace.accounts.models import Role
from gi_trace.web.enterprise import bp
from gi_trace.web.guards import only
from gi_trace.web.lists.land import plot_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.stock.seasons import asked_crop, asked_season


@list_page(bp, "/plots")
@only(Role.VILLAGE)
def list_plots() -> Listing:
    crop = asked_crop()
    return plot_listing(crop, asked_season(crop))
