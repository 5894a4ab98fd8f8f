"""Pages that other faces have too: the enterprise's own books, and the growers and land of a village."""

from gi_trace.web import jobs
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import own_party
from gi_trace.web.stock import (
    books as books_pages,
)
from gi_trace.web.stock import (
    growers as grower_pages,
)
from gi_trace.web.stock import (
    plot_roll as plot_roll_pages,
)

books_pages.add_pages(bp, own_party)
grower_pages.add_pages(bp)
plot_roll_pages.add_pages(bp)
jobs.add_pages(bp)
