"""The lists of each face, as their people open them."""

import csv
import io

from sqlalchemy import event

from gi_trace.database import db

FACES = {"zhao": "authority", "lin": "enterprise", "liang": "enterprise", "chen": "inspector"}
# Short ones, of what is set up once, or a face's two columns of what waits: nobody takes them away as a file.
NOT_LISTINGS = {
    "authority.list_areas",
    "authority.list_campaigns",
    "authority.list_lead_transfers",
    "authority.list_markets",
    "authority.list_materials",
    "authority.list_offences",
    "authority.list_offices",
    "authority.list_patrol_phones",
    "authority.list_products",
    "enterprise.list_layouts",
    "enterprise.list_sites",
    "enterprise.list_tokens",
    "enterprise.list_transfers",
}


def lists_of(app, face):
    return sorted(
        name for name in app.view_functions if name.startswith(f"{face}.list_") and name not in NOT_LISTINGS
    )


def address_of(app, endpoint):
    return next(rule.rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)


def open_lists(app, browser, face):
    """(name, address) of those that the browser's person may open: some are of another role of the face."""
    found = [(name, address_of(app, name)) for name in lists_of(app, face)]
    statuses = {name: browser.get(address).status_code for name, address in found}
    assert set(statuses.values()) <= {200, 403}, statuses
    return [(name, address) for name, address in found if statuses[name] == 200]


def table_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def questions(browser, *addresses):
    """How many times the database is asked for these pages."""
    asked = []

    def note(*told):
        asked.append(told[2])

    event.listen(db.engine, "before_cursor_execute", note)
    for address in addresses:
        assert browser.get(address).status_code == 200, address
    event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)
