"""Real programs that open, change and save workbooks: LibreOffice, Gnumeric, ExcelJS, the Open XML SDK validator.

Imported by the Python that LibreOffice brings too (see `uno_server`), so nothing is imported here.
"""
