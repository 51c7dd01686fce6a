"""Figures and texts of whatever document people have, found by the labels of the form; it knows only the form."""

from xltool.salvage.certainty import Certainty, Sureness
from xltool.salvage.confirming import all_findings, inputs_counted, stamped, to_confirm, with_identity
from xltool.salvage.salvaging import Salvage, salvage

__all__ = [
    "Certainty",
    "Salvage",
    "Sureness",
    "all_findings",
    "inputs_counted",
    "salvage",
    "stamped",
    "to_confirm",
    "with_identity",
]
