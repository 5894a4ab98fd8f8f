"""Pages that other faces have too: the enterprise's own books, and a village's growers, land and imports."""

from gi_trace.web.enterprise import bp
from gi_trace.web.finding import search
from gi_trace.web.imports import import_pages
from gi_trace.web.jobs import progress
from gi_trace.web.registry import right_letters
from gi_trace.web.stock import books, growers, harvest_lists, plot_roll

for shared in (books, growers, plot_roll, harvest_lists, progress, import_pages, search, right_letters):
    shared.pages.join(bp)
