"""What is said of a file that needs a password to be opened."""

from __future__ import annotations

from xltool.errors import FileRefused


def needs_password() -> FileRefused:
    """The refusal of an encrypted file for which no password was given."""
    return FileRefused("文件设了打开密码。请用 --password 写明密码，或者取消密码另存一份后再试。")


def wrong_password() -> FileRefused:
    """The refusal of an encrypted file that the given password does not open."""
    return FileRefused("打开密码不对。请核对 --password 后再试，大小写要一致。")
