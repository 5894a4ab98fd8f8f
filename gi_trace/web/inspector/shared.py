"""Pages that the authority has too: on-site checks of opening stock, leads and cases."""

from gi_trace.web.casework import case_pages, lead_pages, paper_pages
from gi_trace.web.finding import code_pages, search
from gi_trace.web.inspector import bp
from gi_trace.web.stock import on_site_checks, sightings

for shared in (on_site_checks, sightings, lead_pages, case_pages, paper_pages, code_pages, search):
    shared.pages.join(bp)
