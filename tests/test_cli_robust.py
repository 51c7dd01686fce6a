"""The command line under bad conditions: odd input, narrow consoles, closed pipes; and its help, all in Chinese."""

from __future__ import annotations

import errno
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NoReturn

import pytest

from tests.test_cli import Xltool, xltool
from tests.test_intake import REFUSED
from xltool import cli
from xltool.cli import COMMANDS, output, run
from xltool.errors import display_width
from xltool.samples import blank_of, filled_of, load_sample

__all__ = ["xltool"]

HELPS = [(), *((name,) for name in COMMANDS), ("forms", "show"), ("forms", "lint")]
OPTIONS = [
    "--unit", "--year", "-o", "--out", "--code", "--type", "--has", "--lacks", "--prior", "--form", "--overwrite",
    "--json", "--markdown", "--draft", "--help", "--version", "--", "-", "--nix", "-x",
]  # fmt: skip
KNOWN_WORDS = {
    *(name for command in HELPS for name in command),
    *(option.strip("-") for option in OPTIONS),
    *(
        "new",
        "PDF",
        "format",
        "fragment",
        "charts",
        "texts",
        "docx",
        "pdf",
        "csv",
        "txt",
        "check",
        "level",
        "published",
        "roster",
        "backup",
        "restore",
        "zip",
        "dry-run",
        "missing",
        "html",
        "note",
        "all",
    ),
    *("deadline", "text", "round", "year", "under", "adjust", "reason", "county", "json", "csv", "CSV", "roster"),
    *("threshold", "last-year", "undo", "password", "against", "FREEZE", "drop-adjustments"),
    *("last", "office", "hand-in", "publish", "roster-template", "Y02.natural", "Y02", "Y05", "natural"),
    *("xltool", "Word", "JSON", "Markdown", "json", "xlsx", "form.yaml", "gkbg-2021", "xltool-demo", "help"),
}
"""Latin words that help may have: names of commands, options, formats and files."""
WORD = re.compile(r"[A-Za-z][A-Za-z.-]*[A-Za-z0-9-]*")


# help and usage errors


@pytest.mark.parametrize("command", HELPS, ids="-".join)
def test_help_is_chinese(command: tuple[str, ...], xltool: Xltool) -> None:
    """No English of the library is left in any command's help, and it goes to stdout with exit code 0."""
    said = xltool(*command, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"用法：{' '.join(('xltool', *command))} [选项]")
    assert set(WORD.findall(said.out)) - KNOWN_WORDS == set()
    assert "显示这段说明。" in said.out


@pytest.mark.parametrize("command", HELPS, ids="-".join)
@pytest.mark.parametrize("columns", [50, 80, 200])
def test_help_fits_the_terminal(
    command: tuple[str, ...], columns: int, xltool: Xltool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines are as wide as the terminal at most, a 汉字 counted as two columns; no line begins with a stop."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = xltool(*command, "--help").out.splitlines()
    assert max(display_width(line) for line in lines[1:]) <= columns
    assert not [line for line in lines if line.lstrip().startswith(tuple("，。；、）”"))]


def test_columns_of_help_are_aligned(xltool: Xltool) -> None:
    """What options are stands in one column, for eyes that see a 汉字 twice as wide."""
    lines = xltool("blank", "--help").out.splitlines()
    rows = [line for line in lines if line.startswith("  -")]
    assert {display_width(re.split(r"(?<=\S) {2,}(?=\S)", line)[0]) for line in rows} != {0}
    texts = {re.sub(r"^  \S.*? {2,}(?=\S)", "", line): line for line in rows}
    assert len({display_width(line) - display_width(text) for text, line in texts.items()}) == 1


def test_without_a_command_help_is_shown(xltool: Xltool) -> None:
    """Who types only ``xltool`` sees what there is."""
    said = xltool()
    assert (said.code, said.err, said.out) == (0, "", xltool("--help").out)
    widest = max(map(len, COMMANDS))
    for name, command in COMMANDS.items():
        assert f"  {name:<{widest}}  {command.help}\n" in said.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("chekc",), "没有命令“chekc”。是不是 check？\n用 xltool --help 查看用法。"),
        (("报告",), "没有命令“报告”。\n"),
        (("check",), "缺少 文件…。\n用 xltool check --help 查看用法。"),
        (("blank", "--year", "2024"), "缺少 --unit。"),
        (("blank", "--unit"), "选项 --unit 后面应有内容。"),
        (("blank", "--unit", "甲", "--year", "二〇二四"), "--year 的内容不对：应为整数。"),
        (("blank", "--unit", "甲", "--year", "2007"), "--year 的内容不对：应不小于 2008。"),
        (("blank", "--unit", "甲", "--year", "20245"), "--year 的内容不对：应不大于 2100。"),
        (("check", "a.xlsx", "--year", "x"), "--year 的内容不对：应为整数。"),
        (("check", "--jsno", "a.xlsx"), "没有选项 --jsno。"),
        (("check", "--jso", "a.xlsx"), "相近的有：--json。"),
        (("rules", "--json=1"), "选项 --json 后面不应有内容。"),
        (("read", "a.xlsx", "b.xlsx"), "多出了：b.xlsx。"),
        (("fill", "a.json"), "缺少 -o"),
        (("forms", "lnit"), "没有命令“lnit”。是不是 lint？\n用 xltool forms --help 查看用法。"),
        (("-x",), "没有选项 -x。"),
    ],
)
def test_usage_errors_are_chinese(arguments: tuple[str, ...], sentence: str, xltool: Xltool) -> None:
    """A slip of the pen: exit 2, a sentence on stderr without the library's English, and where to look."""
    said = xltool(*arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("× ")
    assert sentence in said.err
    typed = {word for argument in arguments for word in WORD.findall(argument)}
    assert set(WORD.findall(said.err)) - KNOWN_WORDS - typed == set()


# odd input


@pytest.fixture(scope="module")
def workbook() -> bytes:
    return filled_of(load_sample("suqian-2024"))


def words(folder: Path, workbook: bytes) -> list[str]:
    """Things to put on a command line."""
    (folder / "folder").mkdir()
    (folder / "good.xlsx").write_bytes(workbook)
    for name, (data, _) in REFUSED.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    (folder / "a.json").write_text('{"form": "gkbg-2021", "unit": {"name": "甲"}, "year": 2023}', encoding="utf-8")
    odd = ["", " ", "甲局", "2024", "-1", "1e9", "../x", "*.xlsx", "\udcff", "甲\n乙", "%s", "{}", "=1", "@x", "部门"]
    return [*odd, "gkbg-2021", "行政许可", *(path.name for path in folder.iterdir()), "none.xlsx"]


def test_no_command_line_breaks_it(
    tmp_path: Path, workbook: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Any mixture of commands, options and words ends with 0, 1 or 2 and a sentence, never with a traceback."""
    monkeypatch.chdir(tmp_path)
    output.prepare_streams()
    chance, vocabulary = Random(20240131), words(tmp_path, workbook)
    commands = [*COMMANDS, "forms show", "forms lint", ""]
    for _ in range(400):
        middle = chance.choices([chance.choice(OPTIONS), chance.choice(vocabulary), *vocabulary], k=chance.randrange(6))
        arguments = [*chance.choice(commands).split(), *middle]
        code = run(arguments)
        said = capsys.readouterr()
        assert code in (0, 1, 2), arguments
        assert code != 2 or said.err.startswith(("×", "!")), arguments


def damaged(workbook: bytes) -> Iterator[bytes]:
    """Garbage, and real workbooks cut off, changed in a few bytes, or with zeros in the middle."""
    chance = Random(7)
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"{"):
        yield start + chance.randbytes(3000)
    for _ in range(25):
        yield workbook[: chance.randrange(len(workbook))]
        changed = bytearray(workbook)
        for _ in range(chance.choice((1, 5, 100))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        yield bytes(changed)
        at = chance.randrange(len(workbook))
        yield workbook[:at] + bytes(500) + workbook[at + 500 :]


def test_no_file_breaks_it(tmp_path: Path, workbook: bytes, xltool: Xltool) -> None:
    """Damaged files are refused or read, as --prior too; never a traceback."""
    path = tmp_path / "damaged.xlsx"
    for data in damaged(workbook):
        path.write_bytes(data)
        said = xltool("check", path)
        assert said.code in (0, 1)
        assert said.err == ""
        assert path.name in said.out
    for command in (("blank", "--unit", "甲", "--year", "2025", "--prior"), ("read",), ("report",), ("forms", "lint")):
        path.write_bytes(workbook[:3000])
        assert xltool(*command, path).code == 2


def test_a_file_of_70_megabytes(tmp_path: Path, xltool: Xltool) -> None:
    """A huge file is refused by its size, in every place where a file can be given."""
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as file:
        file.truncate(70 << 20)
    assert "超过 64 MB" in xltool("check", path).out
    for command in (("read",), ("report",), ("fill", "-o", "a.xlsx"), ("forms", "lint"), ("check", "a", "--prior")):
        said = xltool(*command, path)
        assert (said.code, "超过 64 MB" in said.err) == (2, True)


def test_a_full_disk(xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full: exit 2, the reason in Chinese, no half file."""

    def full(_: int) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    said = xltool("blank", "--unit", "甲局", "--year", "2024")
    assert (said.code, said.out) == (2, "")
    assert "写不进去：磁盘已满" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("check", "a.xlsx"), ("read", "a.xlsx"), ("report", "a.xlsx")])
def test_an_interruption(command: tuple[str, ...], xltool: Xltool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with a sentence, not with a traceback."""

    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    for module in ("check", "transfer", "report"):
        monkeypatch.setattr(f"xltool.cli.{module}.take_in", interrupted)
    said = xltool(*command)
    assert (said.code, said.out, said.err) == (2, "", "× 已中断。\n")


def test_a_defect_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake of the program itself is said to be one, with the place in the code, and no traceback is shown."""

    def broken(*_: object) -> NoReturn:
        raise IndexError("pop from empty list")

    monkeypatch.setattr(cli, "run", broken)
    monkeypatch.delenv("XLTOOL_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert "程序自己出了错：IndexError（test_cli_robust.py 第" in said.err
    assert "Traceback" not in said.err
    monkeypatch.setenv("XLTOOL_TRACEBACK", "1")
    with pytest.raises(IndexError):
        cli.main()


# streams


def program(*arguments: str | Path, encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own, its streams in ``encoding``."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    command = [sys.executable, "-m", "xltool", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=environment, check=False)


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8", "utf-16"])
def test_consoles_of_any_encoding(encoding: str, tmp_path: Path) -> None:
    """What the console cannot show is replaced; all the rest comes, with the same exit code, and no traceback."""
    path = tmp_path / "é𠮷😀.xlsx"
    path.write_bytes(filled_of(load_sample("mistakes")))
    done = program("check", path, tmp_path / "ü.xlsx", encoding=encoding)
    assert (done.returncode, done.stderr) == (1, b"")
    # The library takes a console that knows only ASCII for a mistake, and writes UTF-8.
    out = done.stdout.decode(encoding.replace("ascii", "utf-8"))
    assert "填的是“1.2万”，应为不小于 0 的整数" in out
    assert out.splitlines()[-1] == "2 个文件：0 个没有要处理的问题，2 个有。"
    refused = program("read", path.with_name("ü.xlsx"), encoding=encoding)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"Traceback" not in refused.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("rules",), ("forms", "show"), ("demo", "demo")])
def test_gbk_console_shows_our_signs(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Nothing that we say ourselves is outside GBK: no sign becomes a question mark."""
    environment = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "xltool", *arguments]
    done = subprocess.run(command, capture_output=True, env=environment, cwd=tmp_path, check=True)
    assert b"?" not in done.stdout


@pytest.mark.parametrize("arguments", [("rules", "--json"), ("forms", "show"), ("--help",)])
def test_a_reader_that_goes_away(arguments: tuple[str, ...]) -> None:
    """``xltool … | head``: it stops without a word."""
    command = [sys.executable, "-m", "xltool", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where stderr is no terminal nothing is drawn; where it is, it is drawn there, and the items are the same."""
    file, terminal = io.StringIO(), Terminal()
    monkeypatch.setenv("TERM", "xterm")
    for stream in (file, terminal):
        monkeypatch.setattr(sys, "stderr", stream)
        assert list(output.progress([1, 2, 3], "正在核对")) == [1, 2, 3]
    assert file.getvalue() == ""
    assert "正在核对" in terminal.getvalue()


def test_python_m_xltool_is_the_program() -> None:
    """``python -m xltool`` answers as ``xltool`` does."""
    done = program("--version")
    assert (done.returncode, done.stderr) == (0, b"")
    assert re.fullmatch(r"xltool \d+\.\d+\.\d+\S*\s*", done.stdout.decode())


def test_a_blank_of_a_sample_opens(tmp_path: Path, xltool: Xltool) -> None:
    """The blank of a sample, handed in as it is, is told to be blank, and has no error about the file itself."""
    path = tmp_path / "blank.xlsx"
    path.write_bytes(blank_of(load_sample("suqian-2024")))
    said = xltool("check", path)
    assert said.code == 1
    assert "〔T01.t3〕" in said.out
    assert "〔W" not in said.out
