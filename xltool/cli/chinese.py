"""Help and usage errors in Chinese: the command-line library's own are in English, and count a 汉字 as one column."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import typer.core

from xltool.errors import display_width

_WIDEST = 100
_ERRORS = (
    (r"Missing (?:argument|option|parameter) '(.+?)'\.?", r"缺少 \1。"),
    (r"Missing command\.?", "缺少命令。"),
    (r"No such command '(.+?)'\.?", r"没有命令“\1”。"),
    (r"No such option:? '?([^\s'.]+)'?\.?", r"没有选项 \1。"),
    (r" ?\(Possible options: (.+?)\)", r"相近的有：\1。"),
    (r" ?Did you mean (?:one of: )?'?(.+?)'?\?", r"是不是 \1？"),
    (r"Option '(.+?)' requires an argument\.?", r"选项 \1 后面应有内容。"),
    (r"Option '(.+?)' requires (\d+) arguments\.?", r"选项 \1 后面应有 \2 项内容。"),
    (r"Option '(.+?)' does not take a value\.?", r"选项 \1 后面不应有内容。"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"多出了：\1。"),
    (r"Invalid value for '?(.+?)'?: ", r"\1 的内容不对："),
    (r"(?:'.*?' is not a valid integer(?: range)?|Input should be a valid integer.*)\.?", "应为整数。"),
    (r"Input should be greater than or equal to (\S+)", r"应不小于 \1。"),
    (r"Input should be less than or equal to (\S+)", r"应不大于 \1。"),
    (r"(\S+) is not in the range (\S+?)\.?$", r"\1 不在范围 \2 内。"),
)  # fmt: skip
# A word or a 汉字, with the punctuation that must stay on its line.
_TOKEN = re.compile(r"[（“《]*(?:[!-~]+|.)[，。；：、）”》？]*")


def in_chinese(message: str) -> str:
    """A usage error of the library, as far as its sentences are known."""
    for pattern, replacement in _ERRORS:
        message = re.sub(pattern, replacement, message)
    return message


class ChineseCommand(typer.core.TyperCommand):
    """A command whose help is all in Chinese."""

    def get_help(self, ctx: Any) -> str:
        return "\n".join(_help(self, ctx, ()))


class ChineseGroup(typer.core.TyperGroup):
    """A group of commands whose help is all in Chinese."""

    def get_help(self, ctx: Any) -> str:
        return "\n".join(_help(self, ctx, self.described(ctx)))

    def described(self, ctx: Any) -> tuple[tuple[str, str], ...]:
        """Names and first lines of the group's commands, in order."""
        return tuple((name, (command.help or "").split("\n")[0]) for name, command in self.commands.items())


def _help(command: Any, ctx: Any, commands: tuple[tuple[str, str], ...]) -> Iterator[str]:
    params = command.get_params(ctx)
    arguments = [param for param in params if param.param_type_name == "argument"]
    options = [param for param in params if param.param_type_name == "option"]
    usage = [ctx.command_path, "[选项]", *(_argument(param) for param in arguments)]
    if commands:
        usage.append("[命令 …]" if command.invoke_without_command else "命令 …")
    yield f"用法：{' '.join(usage)}"
    yield ""
    for line in (command.help or "").split("\n"):
        yield from _wrapped(line, 2)
    yield from _listed("参数", [(param.metavar or param.name, _about(param)) for param in arguments])
    yield from _listed("选项", [(_option(param), _about(param)) for param in options])
    yield from _listed("命令", commands)


def _argument(param: Any) -> str:
    name = str(param.metavar or param.name)
    return name if param.required else f"[{name}]"


def _option(param: Any) -> str:
    return " ".join(part for part in (", ".join(param.opts), param.metavar) if part)


def _about(param: Any) -> str:
    if "--help" in param.opts:
        return "显示这段说明。"
    return f"{param.help or ''}{'（必填）' if param.required else ''}"


def _listed(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Names and what they are, the second column below itself where it goes on."""
    if not rows:
        return
    yield from ("", f"{title}：")
    indent = max(display_width(name) for name, _ in rows) + 4
    for name, text in rows:
        first, *rest = _wrapped(text, indent) or [""]
        yield f"  {name}{' ' * (indent - display_width(name) - 2)}{first[indent:]}"
        yield from rest


def _wrapped(text: str, indent: int) -> list[str]:
    """``text`` in lines of the terminal's width; a line begins with no punctuation."""
    room = min(shutil.get_terminal_size().columns, _WIDEST) - indent - 1
    lines = [""]
    for token in _TOKEN.findall(text.strip()):
        if lines[-1] and display_width(lines[-1] + token) > room:
            lines.append("")
        lines[-1] += token
    return [f"{' ' * indent}{line}".rstrip() for line in lines]


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
