"""`python -m fidelity.cli`, for where the command itself is not on the path."""

from __future__ import annotations

from fidelity.cli import main

main()
