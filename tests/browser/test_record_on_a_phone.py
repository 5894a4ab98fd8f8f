"""The record's page has long keys; they wrap on the narrowest phone."""

from gi_trace.record.checkpoints import sign_checkpoint
from gi_trace.record.signing import begin_signing


def test_the_record_with_its_keys_fits_the_narrowest_phone(service, page_of):
    with service.app_context():
        begin_signing()
        sign_checkpoint()
    page = page_of(viewport={"width": 360, "height": 740})
    page.goto("/record")
    assert page.get_by_text("127.0.0.1").count()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
