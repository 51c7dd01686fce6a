"""Sentences with figures in them: declared once by the form, read in Python and as Excel formulas."""
