"""Engines: ways to decide an obligation. They agree, or say that they do not know."""

from fidelity.proofs.engines.deciding import ENGINES, decide, decide_all

__all__ = ["ENGINES", "decide", "decide_all"]
