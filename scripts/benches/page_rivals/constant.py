"""What Flask can do at most: an answer that is always the same, as large as the page."""

import os

from flask import Flask

app = Flask(__name__)
PAGE = "x" * int(os.environ["PAGE_BYTES"])


@app.get("/c/<code>")
def constant(code: str) -> str:
    return PAGE
