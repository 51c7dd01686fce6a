"""The command line: each command says what it did and what comes next; the work is done elsewhere.

Exit codes: 0 nothing wrong, 1 findings that somebody has to act on, 2 could not run.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
import traceback
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import typer

from xltool import __version__
from xltool.cli.chinese import ChineseGroup, in_chinese
from xltool.cli.output import fail, from_here, prepare_streams
from xltool.errors import CampaignTrouble, DefinitionError, FileRefused, NotWritten


class _Command(NamedTuple):
    """Where a command is, and the first line of its help."""

    module: str
    program: str
    help: str


COMMANDS = {
    "blank": _Command("blank", "app", "生成一个单位的空白填报工作簿。"),
    "check": _Command("check", "app", "核对交回的工作簿，一次列出全部问题。"),
    "report": _Command("report", "app", "生成年度报告：Word、网页、PDF、开放数据。"),
    "read": _Command("transfer", "read_app", "读出工作簿里填的数和文字。"),
    "fill": _Command("transfer", "fill_app", "把填报数据写进一个新的工作簿。"),
    "forms": _Command("forms", "app", "表式：列出、查看、检查。"),
    "rules": _Command("forms", "rules_app", "印出全部核对规则：编号、级别、内容、依据。"),
    "campaign": _Command("campaign", "campaign_app", "收报任务：新建、补上年数据、换名册、重新核对、备份、恢复。"),
    "issue": _Command("collect", "issue_app", "下发：给每个单位生成带上年数据的填报表。"),
    "take": _Command("collect", "take_app", "收回：原样存档、读取、核对，按表里的单位归档。"),
    "board": _Command("collect", "board_app", "进度：谁没交、谁有错误、谁已审定、离期限几天。"),
    "repeats": _Command("repeats", "app", "雷同：比较各单位的文字，列出大段相同的。"),
    "return": _Command("sums", "return_app", "退回：给有问题的单位生成标红的填报表和通知。"),
    "accept": _Command("decide", "accept_app", "审定没有问题的单位。"),
    "explain": _Command("decide", "explain_app", "替单位登记一条核实说明。"),
    "reject": _Command("decide", "reject_app", "不予采用最近一次交的。"),
    "history": _Command("decide", "history_app", "一个单位的各次报送和全部处理记录。"),
    "diff": _Command("decide", "diff_app", "两次之间、或与上年相比，哪些数和文字变了。"),
    "consolidate": _Command("sums", "consolidate_app", "汇总：已审定的全部加起来，生成汇总工作簿。"),
    "freeze": _Command("decide", "freeze_app", "定版：把已审定的全部数据固定下来。"),
    "salvage": _Command("salvage", "app", "从任何文件里读出各个数，填好一个新的工作簿，由人核对。"),
    "verify": _Command("verify", "app", "把公布的报告读回来，与数据逐项核对。"),
    "demo": _Command("demo", "app", "用样例走一遍，并说明打开哪些文件来看。"),
}


class _Commands(ChineseGroup):
    """Commands imported when they are called, so that help and each of them start fast."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            like = get_close_matches(cmd_name, COMMANDS, 1)
            ctx.fail(f"没有命令“{cmd_name}”。" + (f"是不是 {like[0]}？" if like else ""))
        module, program, _ = COMMANDS[cmd_name]
        command = typer.main.get_command(getattr(importlib.import_module(f"{__name__}.{module}"), program))
        command.name = cmd_name
        return command

    def described(self, ctx: Any) -> tuple[tuple[str, str], ...]:
        return tuple((name, command.help) for name, command in COMMANDS.items())


_INTERRUPTED = 130
"""What newer versions of the library make of Ctrl-C; older ones raise Abort."""

app = typer.Typer(
    name="xltool",
    cls=_Commands,
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _say_version(value: bool) -> None:
    if value:
        typer.echo(f"xltool {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    ctx: typer.Context,
    _version: bool = typer.Option(False, "--version", callback=_say_version, is_eager=True, help="显示版本号。"),
) -> None:
    """政府信息公开工作年度报告：生成锁定的填报工作簿、读回、核对、生成报告。"""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def main() -> None:
    """The ``xltool`` program."""
    # A form is a great many small objects that live to the end: looking through them again and again for
    # garbage costs a tenth of the time of a short run.
    gc.set_threshold(500_000)
    prepare_streams()
    try:
        code = run(sys.argv[1:])
    except Exception as error:
        if os.environ.get(_WHOLE_STORY):
            raise
        code = fail(_defect(error))
    sys.exit(code)


_WHOLE_STORY = "XLTOOL_TRACEBACK"


def _defect(error: Exception) -> str:
    """The sentence for what no file and no user has done wrong."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"程序自己出了错：{type(error).__name__}（{Path(last.filename).name} 第 {last.lineno} 行），没有做完；"
        "这是 xltool 的缺陷，不是您的文件有错。\n"
        f"请把这两行、所用的命令和文件交给维护人员；设置环境变量 {_WHOLE_STORY}=1 再运行一次，可以看到出错的全部经过。"
    )


def run(arguments: list[str]) -> int:
    """Run one command line; every trouble becomes a sentence on stderr and an exit code. A defect is raised."""
    try:
        code = app(arguments, standalone_mode=False, prog_name="xltool")
    except (CampaignTrouble, DefinitionError, NotWritten) as error:
        return fail(from_here(str(error)))
    except FileRefused as refused:
        return fail(refused.sentence)
    except (KeyboardInterrupt, typer.Abort):
        return fail("已中断。")
    except typer.Exit as done:
        return done.exit_code
    except Exception as error:
        # The library's usage errors have no public name in common but this method.
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        where = getattr(getattr(error, "ctx", None), "command_path", "xltool")
        return fail(f"{in_chinese(message())}\n用 {where} --help 查看用法。")
    return fail("已中断。") if code == _INTERRUPTED else int(code or 0)
