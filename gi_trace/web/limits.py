"""How often one address may ask; counted per process unless GI_TRACE_RATE_STORE names a shared store."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, strategy="moving-window")
