"""Pages that other faces have too: the enterprise's own books, and the growers and land of a village."""

from gi_trace.web import books_pages, grower_pages, plot_roll_pages
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import own_party

books_pages.add_pages(bp, own_party)
grower_pages.add_pages(bp)
plot_roll_pages.add_pages(bp)
