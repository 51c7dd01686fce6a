"""Which fonts a PDF is set in: the official ones where this machine has them, else those that stand in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

_SONG = (
    "宋体", "SimSun", "新宋体", "NSimSun", "方正书宋_GBK", "FZShuSong-Z01", "方正书宋简体", "FZShuSong-Z01S",
    "华文宋体", "STSong", "Songti SC", "FandolSong", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC",
    "思源宋体", "AR PL UMing",
)  # fmt: skip
_KAI = ("方正楷体_GBK", "FZKai-Z03", "方正楷体简体", "FZKai-Z03S", "华文楷体", "STKaiti", "Kaiti SC", "FandolKai",
    "AR PL UKai", "LXGW WenKai", "霞鹜文楷")  # fmt: skip
_HEI = (
    "微软雅黑", "Microsoft YaHei", "方正黑体_GBK", "FZHei-B01", "华文黑体", "STHeiti", "Heiti SC", "PingFang SC",
    "FandolHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "思源黑体", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
)  # fmt: skip
_FANG = (
    "方正仿宋_GBK", "FZFangSong-Z02", "方正仿宋简体", "FZFangSong-Z02S", "华文仿宋", "STFangsong", "FandolFang",
    "朱雀仿宋", "Zhuque Fangsong (technical preview)",
)  # fmt: skip
_XIAOBIAO = ("方正小标宋_GBK", "FZXiaoBiaoSong-B05", "华文中宋", "STZhongsong")
_ROMAN = ("Times", "Liberation Serif", "Nimbus Roman", "TeX Gyre Termes", "FreeSerif", "Libertinus Serif")


@dataclass(frozen=True)
class _Role:
    """``sets``: what is set in it; ``official``: the font's own names, the first as it is spoken of.

    ``like``: what comes nearest, best first.
    """

    sets: str
    official: tuple[str, ...]
    like: tuple[str, ...]


_ROLES: Mapping[str, _Role] = {
    "title": _Role("标题", ("方正小标宋简体", "FZXiaoBiaoSong-B05S"), (*_XIAOBIAO, *_SONG, *_HEI)),
    "fang": _Role("正文", ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong"), (*_FANG, *_SONG, *_KAI, *_HEI)),
    "hei": _Role("一级标题", ("黑体", "SimHei"), (*_HEI, *_SONG)),
    "kai": _Role("二级标题", ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi"), (*_KAI, *_FANG, *_SONG, *_HEI)),
    "song": _Role("表格", ("宋体", "SimSun"), (*_SONG, *_FANG, *_HEI)),
    "latin": _Role("数字和西文", ("Times New Roman",), _ROMAN),
}
# Their comma and full stop stand in the middle of the square, as in Taiwan: punctuation is taken from the next font.
_ONLY_CHARACTERS = ("AR PL UKai", "AR PL UMing")
_NORMAL, _BOLD = 400, 700


@dataclass(frozen=True)
class Fonts:
    """``families``: for each role the fonts to try, glyph by glyph; ``stand_ins``: “正文（仿宋_GB2312）用 FandolFang”.

    ``only_characters``: families of which only Chinese characters are used, no punctuation. ``title_weight``:
    小标宋 is heavy; what stands in for it is set bold.
    """

    families: Mapping[str, tuple[str, ...]]
    title_weight: int
    stand_ins: tuple[str, ...]
    only_characters: tuple[str, ...] = _ONLY_CHARACTERS

    @property
    def has_chinese(self) -> bool:
        """Whether any Chinese font is known by name; one that is not may still be there."""
        return any(found for role, found in self.families.items() if role != "latin")


def choose_fonts(available: Collection[str]) -> Fonts:
    """The fonts for every role out of the families that are there.

    All that are there follow the chosen one, so that a character it lacks (镕, 堃, 喆) comes from another.
    """
    there = {_key(name): name for name in available}
    families, stand_ins = {}, []
    for name, role in _ROLES.items():
        found = tuple(dict.fromkeys(there[_key(n)] for n in (*role.official, *role.like) if _key(n) in there))
        families[name] = found
        if not found or _key(found[0]) not in {_key(official) for official in role.official}:
            stand_in = found[0] if found else "系统里的其他字体"
            stand_ins.append(f"{role.sets}（{role.official[0]}）用 {stand_in}")
    official = {_key(n) for n in (*_ROLES["title"].official, *_XIAOBIAO)}
    heavy = bool(families["title"]) and _key(families["title"][0]) in official
    return Fonts(families, _NORMAL if heavy else _BOLD, tuple(stand_ins))


def _key(family: str) -> str:
    """Families are the same whatever the case; some files carry their weight (FandolFang R) in the name."""
    return family.casefold().removesuffix(" regular").removesuffix(" r").replace(" ", "")
