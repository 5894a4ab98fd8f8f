"""Growers and plots from Excel, for the village."""

from gi_trace.web import plot_roll_pages
from gi_trace.web.enterprise import bp

plot_roll_pages.add_pages(bp)
