"""The demo: a record shop's program over the real purchases of 23,570 people in 1997 and 1998.

A top room: it uses the library as a host would. It prints nothing; `fidelity.cli` does.
"""

from __future__ import annotations

from fidelity.demo.closing import Closing, Promised, close
from fidelity.demo.history import History, history
from fidelity.demo.people import People, cared_for
from fidelity.demo.replay import Replay
from fidelity.demo.riverside import riverside

__all__ = ["Closing", "History", "People", "Promised", "Replay", "cared_for", "close", "history", "riverside"]
