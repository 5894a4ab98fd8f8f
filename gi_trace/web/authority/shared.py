"""Pages that the authority shares with others: books, on-site checks of opening stock, growers and their plots."""

from gi_trace.web.authority import bp
from gi_trace.web.stock import (
    books as books_pages,
)
from gi_trace.web.stock import (
    growers as grower_pages,
)
from gi_trace.web.stock import (
    on_site_checks,
)
from gi_trace.web.stock import (
    plot_roll as plot_roll_pages,
)

books_pages.add_pages(bp, lambda: None)
on_site_checks.add_pages(bp)
grower_pages.add_pages(bp)
plot_roll_pages.add_pages(bp)
