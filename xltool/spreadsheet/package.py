"""The parts of a returned .xlsx, inflated under limits. Whatever else a file is, it is refused by name."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass, field

from xltool.errors import FileRefused
from xltool.spreadsheet.filekind import ZIP_ERRORS, identify, kind_of_parts, open_zip, part_name
from xltool.spreadsheet.limits import MAX_FILE, MAX_PART, MAX_PARTS, Allowance, damaged, too_large

__all__ = ["Package", "identify", "open_package"]

_RETURN = "请交回原来下发的 .xlsx 文件。"
_SAVE_AS = "请用 WPS 或 Excel 打开，另存为 .xlsx 后再交。"
_REFUSALS = {
    "xlsb": f"这是二进制格式的工作簿（.xlsb），不能直接读取。{_SAVE_AS}",
    "xls": f"这是旧格式的工作簿（.xls 或 WPS 的 .et），不是 .xlsx。{_SAVE_AS}",
    "encrypted": "这是设了打开密码的文件，读不出来。请取消打开密码，另存为 .xlsx 后再交。",
    "docx": f"这是 Word 文档，不是 Excel 工作簿。{_RETURN}",
    "doc": f"这是 Word 文档，不是 Excel 工作簿。{_RETURN}",
    "pptx": f"这是演示文稿，不是 Excel 工作簿。{_RETURN}",
    "ods": f"这是 OpenDocument 表格（.ods），不是 .xlsx。{_SAVE_AS}",
    "ofd": f"这是 OFD 文件，不是 Excel 工作簿。{_RETURN}",
    "zip": "这是压缩包，不是 Excel 工作簿。请解压后交回其中的 .xlsx 文件。",
    "archive": "这是压缩包，不是 Excel 工作簿。请解压后交回其中的 .xlsx 文件。",
    "ole2": f"这是旧格式的 Office 文件，里面没有 Excel 工作簿。{_RETURN}",
    "html": f"这是网页文件，不是 Excel 工作簿。{_RETURN}",
    "pdf": f"这是 PDF 文件，不是 Excel 工作簿。{_RETURN}",
    "picture": f"这是图片，不是 Excel 工作簿。{_RETURN}",
    "xml": f"这是 XML 表格（2003 格式），不是 .xlsx。{_SAVE_AS}",
    "text": f"这是纯文本文件，不是 Excel 工作簿。{_RETURN}",
    "empty": "文件是空的，没有内容。文件可能没有传完整，请重新发送。",
    "unknown": f"看不出是什么文件，不是 Excel 工作簿。文件可能没有传完整，请重新发送；或者{_RETURN}",
}
_ENCRYPTED_MEMBER = 0x1
# The fixed part of what stands before a member; only the lengths of name and extra field are of interest.
_HEADER = struct.Struct("<26x2H")


@dataclass
class Package:
    """An opened workbook file; ``allowance`` is what reading it may still use up."""

    data: bytes
    members: dict[str, zipfile.ZipInfo]
    allowance: Allowance = field(default_factory=Allowance)

    def __contains__(self, name: str) -> bool:
        return part_name(name) in self.members

    def part(self, name: str) -> bytes:
        """The content of a part; FileRefused when it is absent, broken or larger than allowed."""
        member = self.members.get(part_name(name))
        if member is None:
            raise damaged(f"缺少 {name[:80]}")
        if member.flag_bits & _ENCRYPTED_MEMBER:
            raise FileRefused(_REFUSALS["encrypted"])
        # Other methods inflate without a bound on memory.
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged("压缩方式不合规范")
        content = _inflated(self.data, member)
        if content is None:
            raise damaged(f"{name[:80]} 不完整")
        if len(content) > MAX_PART:
            raise too_large(f"{name[:80]} 超过 {MAX_PART >> 20} MB")
        self.allowance.use_inflated(len(content))
        self.allowance.use_time()
        return content


def _inflated(data: bytes, member: zipfile.ZipInfo) -> bytes | None:
    """A member's content, or its first MAX_PART + 1 bytes; None when it is cut off or its checksum is wrong.

    The sizes that the file states are not believed. ``ZipFile.open`` would do the same in twice the time.
    """
    header = data[member.header_offset : member.header_offset + _HEADER.size]
    if len(header) < _HEADER.size or not header.startswith(b"PK\x03\x04"):
        return None
    start = member.header_offset + _HEADER.size + sum(_HEADER.unpack(header))
    content = data[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = inflater.decompress(content, MAX_PART + 1)
        except zlib.error:
            return None
        if len(content) > MAX_PART:
            return content
        if not inflater.eof:
            return None
    return content if zlib.crc32(content) == member.CRC else None


def open_package(data: bytes) -> Package:
    """The parts of an .xlsx or .xlsm; FileRefused, saying what the file is, for everything else."""
    if len(data) > MAX_FILE:
        raise too_large(f"文件超过 {MAX_FILE >> 20} MB")
    if not data.startswith(b"PK"):
        raise FileRefused(_REFUSALS[identify(data)])
    try:
        archive = open_zip(data)
    except ZIP_ERRORS as error:
        raise damaged("压缩结构不完整") from error
    files = [member for member in archive.infolist() if not member.filename.endswith("/")]
    members = {part_name(member.filename): member for member in files}
    kind = kind_of_parts(members)
    if kind not in ("xlsx", "xlsm"):
        raise FileRefused(_REFUSALS[kind])
    if len(files) > MAX_PARTS:
        raise too_large(f"由超过 {MAX_PARTS} 个部分组成")
    if len(members) != len(files):
        raise damaged("里面有重名的部分")
    return Package(data, members)
