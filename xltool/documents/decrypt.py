"""Files with a password to open them, through msoffcrypto; only called in a process of its own."""

from __future__ import annotations

import io

from xltool.documents.limits import damaged
from xltool.documents.passwords import needs_password, wrong_password

# Excel encrypts with this when a workbook's structure is locked, so that nobody is asked for a password.
_NOBODY_IS_ASKED = "VelvetSweatshop"


def decrypted(data: bytes, password: str | None) -> bytes:
    """The file without its encryption; FileRefused where it has none, or the password is missing or wrong."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    if not msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted():
        raise damaged("文件")
    for attempt in (_NOBODY_IS_ASKED, password):
        if attempt is None:
            continue
        plain = io.BytesIO()
        try:
            file = msoffcrypto.OfficeFile(io.BytesIO(data))
            file.load_key(password=attempt)
            file.decrypt(plain)
        except (InvalidKeyError, DecryptionError):
            continue
        return plain.getvalue()
    if password is None:
        raise needs_password()
    raise wrong_password()
