"""Pages that other faces have too: books, on-site checks, land, import_pages, leads, cases, jobs."""

from gi_trace.web.authority import bp
from gi_trace.web.casework import case_pages, lead_pages, paper_pages
from gi_trace.web.finding import code_pages, search
from gi_trace.web.imports import import_pages
from gi_trace.web.jobs import progress
from gi_trace.web.registry import right_letters
from gi_trace.web.stock import books, growers, harvest_lists, on_site_checks, plot_roll, sightings

for shared in (
    books,
    on_site_checks,
    sightings,
    growers,
    plot_roll,
    harvest_lists,
    import_pages,
    lead_pages,
    case_pages,
    paper_pages,
    progress,
    code_pages,
    search,
    right_letters,
):
    shared.pages.join(bp)
