"""The inspector's part in stock: on-site checks of opening stock."""

from gi_trace.web import on_site_checks
from gi_trace.web.inspector import bp

on_site_checks.add_pages(bp)
