"""Where the editions and the samples stand: shipped with the package, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def editions_folder() -> Path:
    """The folder of the editions."""
    return _shipped("templates")


def samples_folder() -> Path:
    """The folder of the samples."""
    return _shipped("samples")


def _shipped(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def edition_folders() -> tuple[Path, ...]:
    """Folders that declare an edition, by name."""
    return tuple(sorted(path.parent for path in editions_folder().glob("*/form.yaml")))
