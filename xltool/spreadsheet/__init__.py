"""Workbooks from anywhere as plain values: a small bounded reader that trusts nothing and knows no form."""
