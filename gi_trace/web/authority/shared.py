"""Pages that the authority shares with others: books, on-site checks of opening stock, growers and their plots."""

from gi_trace.web import books_pages, grower_pages, on_site_checks, plot_roll_pages
from gi_trace.web.authority import bp

books_pages.add_pages(bp, lambda: None)
on_site_checks.add_pages(bp)
grower_pages.add_pages(bp)
plot_roll_pages.add_pages(bp)
