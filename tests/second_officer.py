"""What the second officer does with what was proposed by a form."""

from typing import Any


def agreed(sun: Any, asked: Any) -> None:
    """Sun's browser confirms what the answer to the form led to."""
    assert "/authority/proposals/" in asked.location, asked.text
    answer = sun.post(asked.location, data={"decision": "confirm"})
    assert answer.status_code == 302, answer.text
