"""How the database is opened, and what its troubles are called: every one of them a sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xltool.errors import CampaignTrouble

WAIT = 15.0
"""Seconds to wait for another person's command on the same campaign."""


class Connection(sqlite3.Connection):
    """A connection whose troubles are sentences."""

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        try:
            return super().execute(sql, values)
        except sqlite3.IntegrityError:
            raise  # the database keeps its own rules: a mistake of ours, no trouble of the file
        except sqlite3.DatabaseError as error:
            raise in_words(error) from error

    def executemany(self, sql: str, values: Any, /) -> sqlite3.Cursor:
        try:
            return super().executemany(sql, values)
        except sqlite3.IntegrityError:
            raise  # the database keeps its own rules: a mistake of ours, no trouble of the file
        except sqlite3.DatabaseError as error:
            raise in_words(error) from error


def connect(path: Path) -> sqlite3.Connection:
    """The database at ``path``; an empty one where there is none yet."""
    with told(path):
        connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None, factory=Connection)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
    return connection


_REASONS = {
    "full": "磁盘已满",
    "readonly": "文件夹或文件是只读的",
    "unable to open": "文件打不开",
    "disk I/O": "磁盘或网络出错",
    "no such": "内容不完整",
}


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Whatever sqlite3 raises inside becomes a sentence about ``path``."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise in_words(error, path) from error


def in_words(error: sqlite3.DatabaseError, path: Path | None = None) -> CampaignTrouble:
    """The trouble as a sentence; ``path``: what it is about."""
    where = f"{path} " if path is not None else ""
    if not isinstance(error, sqlite3.OperationalError):
        return CampaignTrouble(f"{where}收报任务的数据库损坏：{error}。请用 xltool campaign backup 的备份恢复。")
    if "locked" in str(error) or "busy" in str(error):
        return CampaignTrouble(f"别人正在对这个收报任务执行命令，等了 {WAIT:.0f} 秒还没有结束。请稍后再试。")
    why = next((reason for word, reason in _REASONS.items() if word in str(error)), str(error))
    return CampaignTrouble(f"{where}收报任务的数据库用不了：{why}。请检查磁盘空间和文件夹权限。")
