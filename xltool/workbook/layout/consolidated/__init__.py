"""Where everything stands in the consolidated workbook: sheets as data, rows that repeat as templates."""

from xltool.workbook.layout.consolidated.charts import ChartPlace
from xltool.workbook.layout.consolidated.make import Blueprint, make_blueprint
from xltool.workbook.layout.consolidated.rows import Formula, RowValue, UnitRows
from xltool.workbook.layout.consolidated.summary import Summary

__all__ = ["Blueprint", "ChartPlace", "Formula", "RowValue", "Summary", "UnitRows", "make_blueprint"]
