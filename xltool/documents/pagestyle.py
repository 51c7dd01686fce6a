"""Which parts of a web page its style hides: nobody sees them, so nothing is read there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
# What is said for paper or small screens does not hold here.
_AT_RULE = re.compile(r"@[\w-]+[^{};]*(?:;|\{(?:[^{}]|\{[^{}]*\})*\})")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)\b", re.I)
_SELECTOR = re.compile(r"([\w-]*)([.#][\w-]+)")
_LONGEST = 1_000_000


@dataclass(frozen=True)
class Hidden:
    """Selectors of the kind .name, #name and tag.name that are not shown."""

    selectors: frozenset[str]

    def hides(self, element: Element) -> bool:
        """Whether ``element`` itself is hidden; what is around it is not looked at."""
        if element.get("hidden") is not None or _HIDING.search(element.get("style") or ""):
            return True
        if not self.selectors:
            return False
        tag = element.tag if isinstance(element.tag, str) else ""
        names = [f".{name}" for name in (element.get("class") or "").split()] + [f"#{element.get('id')}"]
        return any(name in self.selectors or tag + name in self.selectors for name in names)


def hidden_by(sheet: str) -> Hidden:
    """What a style sheet, the content of <style>, hides by simple selectors."""
    rules = _AT_RULE.sub("", _COMMENT.sub("", sheet[:_LONGEST]))
    hiding = (selectors for selectors, body in _RULE.findall(rules) if _HIDING.search(body))
    single = (selector.strip() for selectors in hiding for selector in selectors.split(","))
    return Hidden(frozenset(selector for selector in single if _SELECTOR.fullmatch(selector)))
