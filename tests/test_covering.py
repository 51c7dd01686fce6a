"""填报通知: what every unit has to fill in, how, and until when."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest

from tests.programs import pdf
from tests.programs.libreoffice import Office
from tests.programs.validator import Validator
from xltool.definition import load_form
from xltool.form import Form
from xltool.report import word_styles
from xltool.report.word_covering import write_covering_note

OFFICE = "宁安县人民政府办公室"
HAND_IN, ON = date(2025, 1, 31), date(2025, 1, 3)
LONG = "宁安朝鲜族自治县人民政府办公室（宁安朝鲜族自治县人民政府外事办公室、宁安朝鲜族自治县政务公开领导小组办公室）"
VILLAGE = Path(__file__).parent / "forms" / "village-9"


def note(form: Form, office: str = OFFICE) -> bytes:
    return write_covering_note(form, office, 2024, HAND_IN, ON, 63)


def texts(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]


def below(heading: str, said: list[str]) -> list[str]:
    """The paragraphs from a heading to the next one."""
    start = said.index(heading) + 1
    ends = [index for index in range(start, len(said)) if said[index][1:2] == "、"]
    return said[start : ends[0] if ends else -2]


def test_it_says_who_why_and_what(form: Form) -> None:
    """Title, addressee, basis, how many units fill in which workbook, office and date."""
    said = texts(note(form))
    assert said[0].split("\n") == ["关于填报2024年", "政府信息公开工作年度报告数据的通知"]
    assert said[1] == "各有关单位："
    assert said[2].startswith(
        "根据《中华人民共和国政府信息公开条例》第四十九条、第五十条，以及国办公开办函〔2021〕30号，"
    )
    (what,) = below("一、填报内容", said)
    assert "63个单位" in what
    assert "只填发给本单位的那一份" in what
    assert said[-2:] == [OFFICE, "2025年1月3日"]


def test_every_instruction_has_its_line(form: Form) -> None:
    """How to fill in: the form's own instructions, word for word, numbered."""
    lines = below("二、填报方法", texts(note(form)))
    assert lines == [f"{number}.{text}" for number, text in enumerate(form.instructions, start=1)]
    assert len(lines) == 8


def test_it_states_the_deadline(form: Form) -> None:
    """The campaign's own deadline with its weekday, not the one the form names in general."""
    assert below("三、报送期限", texts(note(form))) == ["请于2025年1月31日（星期五）前交回。"]
    moved = write_covering_note(form, OFFICE, 2024, date(2025, 2, 9), ON, 63)
    assert below("三、报送期限", texts(moved)) == ["请于2025年2月9日（星期日）前交回。"]


def test_it_says_how_to_hand_in(form: Form) -> None:
    """The workbook as it is, as .xlsx, once; and what happens then."""
    kept, then = below("四、报送方式", texts(note(form)))
    assert "原样保存为 .xlsx 交回，一个单位只交一份" in kept
    assert "退回修改通知" in then


def test_another_form_speaks_of_itself() -> None:
    """A form of a village's own: its title and basis; without instructions the parts are numbered without a gap."""
    village = load_form(VILLAGE)
    said = texts(note(village))
    assert said[0] == "关于填报2024年村务公开统计表数据的通知"
    assert said[2].startswith("根据村务公开办法（编的），")
    assert below("二、填报方法", said) == ["1.填黄色的格子。"]
    bare = texts(note(replace(village, instructions=(), digest="bare")))
    assert [text for text in bare if text[1:2] == "、"] == ["一、填报内容", "二、报送期限", "三、报送方式"]
    assert "年度报告" not in "".join(said)


def test_it_uses_the_styles_of_the_report(form: Form) -> None:
    """An office that restyled its reports gets its letters in the same styles."""
    document = docx.Document(io.BytesIO(note(form)))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style is not None]
    assert styles[:5] == ["Title", word_styles.BODY, word_styles.BODY, "Heading 1", word_styles.BODY]
    assert styles.count(word_styles.THIRD) == len(form.instructions)
    assert styles[-2:] == [word_styles.SIGNATURE] * 2
    assert document.core_properties.author == OFFICE


def test_equal_input_gives_equal_bytes(form: Form) -> None:
    """A run that is repeated writes nothing new."""
    assert note(form) == note(form)


def test_foreign_text_is_text(form: Form) -> None:
    """Angle brackets in names do no harm."""
    assert texts(note(replace(form, basis="办法<试行>&"), office="甲<乙>&局"))[-2] == "甲<乙>&局"


@pytest.mark.parametrize("times", [1, 12])
@pytest.mark.parametrize("name", [OFFICE, LONG])
def test_it_is_two_pages_at_most(form: Form, office: Office, tmp_path: Path, times: int, name: str) -> None:
    """However many instructions a form has: those that do not fit are left to the workbook, and it says so."""
    many = replace(form, instructions=form.instructions * times)
    path = tmp_path / "note.docx"
    path.write_bytes(note(many, name))
    assert pdf.text(office.to_pdf(path, tmp_path / "note.pdf")).count("\f") == 2
    last = below("二、填报方法", texts(path.read_bytes()))[-1]
    assert (last == "其余各条见填报表首页的“填写说明”。") is (times > 1)


def test_it_is_a_valid_file(form: Form, validator: Validator, tmp_path: Path) -> None:
    """Microsoft's validator finds nothing in it."""
    path = tmp_path / "note.docx"
    path.write_bytes(note(form))
    assert validator.problems([path]) == {path: []}
