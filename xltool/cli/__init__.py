"""The command line: each command says what it did and what comes next; the work is done elsewhere.

Exit codes: 0 nothing wrong, 1 findings that somebody has to act on, 2 could not run.
"""

from __future__ import annotations

import sys

import typer

from xltool import __version__
from xltool.cli import blank, check, demo, forms, report, transfer
from xltool.cli.chinese import ChineseGroup, in_chinese
from xltool.cli.output import fail, prepare_streams
from xltool.errors import DefinitionError, FileRefused
from xltool.files import NotWritten

app = typer.Typer(
    name="xltool",
    cls=ChineseGroup,
    help="政府信息公开工作年度报告：生成锁定的填报工作簿、读回、核对、生成报告。",
    no_args_is_help=True,
    add_completion=False,
    # Rich help and tracebacks would double the time to start.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
blank.register(app)
check.register(app)
report.register(app)
transfer.register(app)
forms.register(app)
demo.register(app)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"xltool {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="显示版本号。"),
) -> None:
    """政府信息公开工作年度报告：生成锁定的填报工作簿、读回、核对、生成报告。"""


def main() -> None:
    """The ``xltool`` program."""
    prepare_streams()
    try:
        code = app(standalone_mode=False)
    except (DefinitionError, NotWritten) as error:
        code = fail(str(error))
    except FileRefused as refused:
        code = fail(refused.sentence)
    except (KeyboardInterrupt, typer.Abort):
        code = fail("已中断。")
    except typer.Exit as done:
        code = done.exit_code
    except Exception as error:
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        code = fail(in_chinese(message()) + "\n用 --help 查看用法。")
    sys.exit(code or 0)
