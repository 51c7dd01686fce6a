"""xltool: workbooks, checks and reports for yearly official forms."""

__version__ = "0.1.0"
