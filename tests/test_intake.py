"""One returned file, from its bytes to all that is to be said of it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from tests.fills import all_zero, fill
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, Unit, to_json
from xltool.form import Form, Level
from xltool.intake import Expected, read_any_filing, take_in
from xltool.workbook.skeleton import blank_workbook
from xltool.workbook.writer import write_workbook

UNIT = Unit("宁安区教育局", "311", "部门")


@pytest.fixture
def clean(form: Form) -> Filing:
    """A filing with nothing open: all zero, every text written."""
    texts = dict.fromkeys(form.text_ids, "各股室按月报送办理结果，由专人核对以后在网站公布。")
    return Filing(form.id, UNIT, 2024, all_zero(form), texts=texts)


@pytest.fixture
def prior(form: Form, clean: Filing) -> Filing:
    """Last year's, with 3 requests left over."""
    left = fill(form, "t3", "natural company \n r4 2 1 \n r1 2 1")
    return replace(clean, year=2023, values={**clean.values, **left})


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_clean_workbook(tmp_path: Path, form: Form, clean: Filing) -> None:
    """A workbook in order has no open finding, and its filing is what was filled in."""
    intake = take_in(put(tmp_path / "a.xlsx", write_workbook(form, clean)))
    assert intake.open_findings == ()
    assert intake.returned is not None
    assert intake.returned.filing == clean
    assert len(intake.judgements) == len(form.checks)


def ole2(stream: str) -> bytes:
    """An OLE2 file with one directory entry, which is all that tells what it is."""
    name = (stream + "\0").encode("utf-16-le")
    entry = name.ljust(64, b"\0") + len(name).to_bytes(2, "little") + b"\x02"
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entry.ljust(128, b"\0")


def zipped(name: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "<x/>")
    return file.getvalue()


REFUSED = {
    "empty": (b"", "是空的"),
    "xls": (ole2("Workbook"), ".xls"),
    "encrypted": (ole2("EncryptedPackage"), "密码"),
    "word": (zipped("word/document.xml"), "Word"),
    "binary workbook": (zipped("xl/workbook.bin"), ".xlsb"),
    "archive": (b"Rar!\x1a\x07\x00", "压缩"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n", "图片"),
    "html": (b"<html><table></table></html>", "网页"),
    "text": ("没有申请".encode(), "文本"),
    "garbage": (bytes(range(256)), "Excel"),
    "another workbook": (zipped("xl/workbook.xml"), ""),
}
"""What people hand in instead of the workbook, and a word by which the sentence says what it is."""


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_is_something_else(kind: str, tmp_path: Path) -> None:
    """Whatever the name says: one finding that says what the file is and what to do, and nothing raised."""
    data, word = REFUSED[kind]
    intake = take_in(put(tmp_path / "a.xlsx", data))
    assert intake.returned is None
    (finding,) = intake.findings
    assert (finding.code, finding.level, finding.is_open) == ("W01", Level.ERROR, True)
    assert word in finding.said
    assert "请" in finding.said
    assert "。。" not in finding.said


def test_a_file_that_cannot_be_reached(tmp_path: Path) -> None:
    """A missing file and a folder are findings too, so that the other files go on."""
    assert "没有这个文件" in take_in(tmp_path / "none.xlsx").findings[0].said
    assert "文件夹" in take_in(tmp_path).findings[0].said


@pytest.mark.parametrize(
    ("expected", "code", "said"),
    [
        (Expected(form="gkbg-2019"), "W02", "是“gkbg-2021”的工作簿，应为“gkbg-2019”"),
        (Expected(year=2023), "W04", "是 2024 年的工作簿，应为 2023 年"),
        (Expected(unit="宁安区民政局"), "W05", "填报单位是“宁安区教育局”，应为“宁安区民政局”"),
    ],
)
def test_not_what_is_collected(
    expected: Expected, code: str, said: str, tmp_path: Path, form: Form, clean: Filing
) -> None:
    """Another edition, year or unit than is being collected is an error; what was read is there all the same."""
    intake = take_in(put(tmp_path / "a.xlsx", write_workbook(form, clean)), expected=expected)
    (finding,) = intake.open_findings
    assert (finding.code, finding.level, finding.sheet) == (code, Level.ERROR, "封面")
    assert said in finding.said
    assert intake.returned is not None


def test_all_that_is_expected_agrees(tmp_path: Path, form: Form, clean: Filing) -> None:
    """Nothing is said where form, unit and year are the expected ones."""
    path = put(tmp_path / "a.xlsx", write_workbook(form, clean))
    assert take_in(path, expected=Expected(form.id, UNIT.name, 2024)).open_findings == ()


def test_without_last_year_the_checks_are_not_silent(tmp_path: Path, form: Form, clean: Filing) -> None:
    """Cross-year checks that could not be made are told, with their codes; they keep nobody waiting."""
    intake = take_in(put(tmp_path / "a.xlsx", write_workbook(form, clean)))
    (told,) = [finding for finding in intake.findings if finding.code == "P01"]
    assert "Y01" in told.facts["codes"]
    assert not told.is_open


def test_last_year_given_apart(tmp_path: Path, form: Form, clean: Filing, prior: Filing) -> None:
    """Last year's filing makes the cross-year checks, whether the workbook carries it or not."""
    for data in (write_workbook(form, clean), write_workbook(form, clean, replace(prior, values=clean.values))):
        intake = take_in(put(tmp_path / "a.xlsx", data), prior)
        assert {finding.key for finding in intake.open_findings} >= {"Y01.total", "Y02.natural", "Y02.company"}
        assert not any(finding.code == "P01" for finding in intake.findings)


def test_last_year_in_the_workbook(tmp_path: Path, form: Form, clean: Filing, prior: Filing) -> None:
    """Figures seeded into the workbook serve where no other are given."""
    intake = take_in(put(tmp_path / "a.xlsx", write_workbook(form, clean, prior)))
    assert "Y01.total" in {finding.key for finding in intake.open_findings}


def test_an_explanation_settles_what_is_to_be_verified(tmp_path: Path, form: Form, clean: Filing) -> None:
    """核实 explained in the workbook is no longer open and carries the explanation; 错误 stays."""
    values = {**clean.values, **fill(form, "t2", "made repealed in_force \n documents 5 0 1")}
    broken = {**values, FigureId("t3", "r1", "natural"): clean.values[FigureId("t3", "r1", "natural")] + 1}
    filing = replace(clean, values=broken, explanations={"A05.documents": "年底废止", "A03.natural": "不听"})
    intake = take_in(put(tmp_path / "a.xlsx", write_workbook(form, filing)))
    by_key = {finding.key: finding for finding in intake.findings}
    assert (by_key["A05.documents"].is_open, by_key["A05.documents"].explanation) == (False, "年底废止")
    assert by_key["A03.natural"].is_open
    assert {finding.key for finding in intake.open_findings} == {"A03.natural", "A03.total"}


def test_a_blank_workbook(tmp_path: Path, form: Form) -> None:
    """A workbook handed in as it was handed out: every table and every text is asked for, nothing is 0."""
    intake = take_in(put(tmp_path / "a.xlsx", blank_workbook(form, UNIT, 2024)))
    assert intake.returned is not None
    assert intake.returned.filing.values == {}
    assert {"T01.t2", "T01.t3", "T01.t4"} <= {finding.key for finding in intake.open_findings}


def test_a_filing_from_a_workbook_or_from_json(tmp_path: Path, form: Form, clean: Filing) -> None:
    """Told apart by content, whatever the name says; a byte order mark and blanks before JSON do not matter."""
    workbook = put(tmp_path / "a.json", write_workbook(form, clean))
    data = put(tmp_path / "b.xlsx", b"\xef\xbb\xbf \r\n" + to_json(clean).encode())
    assert read_any_filing(workbook) == clean
    assert read_any_filing(data) == clean


@pytest.mark.parametrize("data", [b"{", b'{"form": 1}', '{"年": 1}'.encode("gbk"), b"", b"[]", b"PK"])
def test_neither_workbook_nor_json(data: bytes, tmp_path: Path) -> None:
    """Anything else is refused with a sentence."""
    with pytest.raises(FileRefused):
        read_any_filing(put(tmp_path / "a", data))
