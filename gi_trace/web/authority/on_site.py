"""Pages that the authority shares with others: on-site checks of opening stock, plots from Excel."""

from gi_trace.web import on_site_checks, plot_roll_pages
from gi_trace.web.authority import bp

on_site_checks.add_pages(bp)
plot_roll_pages.add_pages(bp)
