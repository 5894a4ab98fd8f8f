"""The land of the village's growers: by form, and from Excel."""

from gi_trace.web import grower_pages, plot_roll_pages
from gi_trace.web.enterprise import bp

grower_pages.add_pages(bp)
plot_roll_pages.add_pages(bp)
