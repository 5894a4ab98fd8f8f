"""The inspector's part in stock: on-site checks of opening stock."""

from gi_trace.web.inspector import bp
from gi_trace.web.stock import on_site_checks

on_site_checks.add_pages(bp)
