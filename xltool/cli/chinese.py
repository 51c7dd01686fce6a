"""The words that the command-line library brings along, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import typer.core

_HELP = (
    ("Usage: ", "用法："),
    ("Arguments:\n", "参数：\n"),
    ("Options:\n", "选项：\n"),
    ("Commands:\n", "命令：\n"),
    ("Show this message and exit.", "显示这段说明。"),
    ("命令:\n", "命令：\n"),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 …"),
    ("[required]", "[必填]"),
    ("[default: ", "[默认："),
    ("; required]", "；必填]"),
)
_TYPE = re.compile(r" <(?:path|list\[Path\]|text|int)>")
_ERRORS = (
    (r"Missing argument '(.+?)'\.?", r"缺少参数 \1。"),
    (r"Missing option '(.+?)'\.?", r"缺少选项 \1。"),
    (r"Missing command\.?", "缺少命令。"),
    (r"No such command '(.+?)'\.?", r"没有命令“\1”。"),
    (r"No such option: (\S+)", r"没有选项 \1。"),
    (r"Did you mean (.+?)\?", r"是不是 \1？"),
    (r"Option '(.+?)' requires an argument\.?", r"选项 \1 后面应有内容。"),
    (r"Option '(.+?)' does not take a value\.?", r"选项 \1 后面不应有内容。"),
    (r"Got unexpected extra arguments? \((.+?)\)", r"多出了参数：\1。"),
    (r"Invalid value for '(.+?)': ", r"\1 的内容不对："),
    (r"'(.+?)' is not a valid integer\.?", r"“\1”不是整数。"),
    (r"Input should be a valid integer.*", "应为整数。"),
    (r"Input should be greater than or equal to (\S+)", r"应不小于 \1。"),
    (r"Input should be less than or equal to (\S+)", r"应不大于 \1。"),
    (r"(\S+) is not in the range (\S+)\.?", r"\1 不在范围 \2 内。"),
)


def in_chinese(message: str) -> str:
    """A usage error of the library, as far as its sentences are known."""
    for pattern, replacement in _ERRORS:
        message = re.sub(pattern, replacement, message)
    return message


def _help(text: str) -> str:
    for english, chinese in _HELP:
        text = text.replace(english, chinese)
    return _TYPE.sub("", text)


class ChineseCommand(typer.core.TyperCommand):
    """A command whose help is all in Chinese."""

    def get_help(self, ctx: Any) -> str:
        return _help(super().get_help(ctx))


class ChineseGroup(typer.core.TyperGroup):
    """A group of commands whose help is all in Chinese."""

    def get_help(self, ctx: Any) -> str:
        return _help(super().get_help(ctx))


def program(command: Callable[..., None] | None = None, **options: Any) -> typer.Typer:
    """A typer program in Chinese, of one ``command`` or a group; without rich, which doubles the time to start."""
    app = typer.Typer(
        cls=ChineseGroup,
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
        **options,
    )
    if command is not None:
        app.command(cls=ChineseCommand)(command)
    return app
