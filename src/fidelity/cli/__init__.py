"""The command line: `fidelity demo`, `fidelity replay` and `fidelity check`.

Opens with nothing but the library; click and rich are imported when a command is given.
"""

from __future__ import annotations

import sys

from fidelity._optional import require
from fidelity.errors import MissingExtra

__all__ = ["main"]


def main() -> None:
    """What the command ``fidelity`` does; without the extra ``cli`` it says how to get it."""
    try:
        for package in ("click", "rich"):
            require(package, extra="cli", purpose="the fidelity command")
    except MissingExtra as error:
        sys.exit(str(error))
    from fidelity.cli.app import app

    app(prog_name="fidelity")
