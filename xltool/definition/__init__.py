"""A form definition (YAML) → an immutable Form; every mistake names file, line and, in rules, the column."""

from xltool.definition.editions import DEFAULT_EDITION, edition_ids, form_by_id
from xltool.definition.load import load_form, parse_form

__all__ = ["DEFAULT_EDITION", "edition_ids", "form_by_id", "load_form", "parse_form"]
