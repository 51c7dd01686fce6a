"""Any file as paragraphs and tables of text, in reading order; it knows nothing of forms."""

from xltool.documents.limits import NotHere
from xltool.documents.model import Cell, DocTable, Document, Text
from xltool.documents.read import read_document

__all__ = ["Cell", "DocTable", "Document", "NotHere", "Text", "read_document"]
