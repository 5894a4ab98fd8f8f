"""Pages that other faces have too: the enterprise's own books, and the growers and land of a village."""

from gi_trace.web.enterprise import bp
from gi_trace.web.jobs import progress
from gi_trace.web.stock import books, growers, plot_roll

for shared in (books, growers, plot_roll, progress):
    shared.pages.join(bp)
