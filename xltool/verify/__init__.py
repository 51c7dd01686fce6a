"""A published report of ours, in whatever format, held against the filing it was made from."""

from xltool.verify.difference import Difference
from xltool.verify.document import verify_report
from xltool.verify.published import Verified, verify_published

__all__ = ["Difference", "Verified", "verify_published", "verify_report"]
