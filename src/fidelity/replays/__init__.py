"""Replay: a whole purchase history at once, with the books that `Loyalty` would have kept of it."""

from fidelity.replays.books import Books
from fidelity.replays.face import replay

__all__ = ["Books", "replay"]
