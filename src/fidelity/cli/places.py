"""Places: where a command may write, looked at before any of its work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fidelity.errors import ValueRefused

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["refuse_place"]


def refuse_place(out: Path, what: str, written: str, kind: str) -> None:
    """
    Refuse where *out* cannot be written.

    Args:
        out: The file.
        what: What is to be written, such as ``"the books"``.
        written: How, for whoever reads the refusal, such as ``"books are written as Parquet"``.
        kind: With what its name ends, such as ``".parquet"``.

    Raises:
        ValueRefused: If it is called otherwise, or its folder is not there.
    """
    if out.suffix.lower() != kind:
        message = f"{written}, not to {out.name!r}; name a file {out.stem}{kind}"
        raise ValueRefused(message, value=str(out))
    if not out.absolute().parent.is_dir():
        message = f"there is no folder {str(out.parent)!r} for {what}; make it first"
        raise ValueRefused(message, value=str(out))
