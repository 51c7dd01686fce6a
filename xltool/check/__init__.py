"""Judging a filing: figures recomputed, declared checks, single cells, texts. Pure functions over values."""
