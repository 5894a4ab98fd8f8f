"""The authority's part in opening stock: on-site checks."""

from gi_trace.web import on_site_checks
from gi_trace.web.authority import bp

on_site_checks.add_pages(bp)
