"""Where other offices' services hand us the states of their records (C2SP tlog-witness)."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from gi_trace.errors import Refused
from gi_trace.record.notes import MOST_BYTES
from gi_trace.web.forms import refusal_text
from gi_trace.web.limits import limiter
from gi_trace.web.public import bp
from gi_trace.witnesses.actions import SeenOtherSize, SubmissionUnreadable, cosign
from gi_trace.witnesses.rules import ADD_CHECKPOINT, SIZE_TYPE


@bp.post(f"/witness{ADD_CHECKPOINT}")
@limiter.limit("60 per minute")
def add_checkpoint() -> ResponseReturnValue:
    """Our cosignature, or why not; answers are for programs, in the codes of the specification."""
    request.max_content_length = 2 * MOST_BYTES
    try:
        line = cosign(request.get_data().decode())
    except SeenOtherSize as seen:
        return Response(f"{seen.facts['size']}\n", seen.status, content_type=SIZE_TYPE)
    except UnicodeDecodeError:
        return _refused(SubmissionUnreadable())
    except Refused as refusal:
        return _refused(refusal)
    return Response(line, content_type="text/plain; charset=utf-8")


def _refused(refusal: Refused) -> Response:
    return Response(f"{refusal_text(refusal)}\n", refusal.status, content_type="text/plain; charset=utf-8")
