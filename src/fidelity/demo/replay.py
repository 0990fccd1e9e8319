"""Replay: the shop's eighteen months, lived once more through the batch door of `Loyalty`.

What happened on a day is recorded as of that day: every command carries the ``now`` of its own time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, time

from fidelity.commands import Command, Redeem
from fidelity.demo.closing import Promised
from fidelity.demo.history import History, Week
from fidelity.demo.riverside import ALBUM, SINGLE
from fidelity.errors import NotEnoughPoints
from fidelity.ledger.receipts import EarnReceipt, Receipt, RedemptionReceipt
from fidelity.loyalty import Loyalty
from fidelity.rules.rewards.reward import Reward
from fidelity.values.zones import first_instant

__all__ = ["Replay"]

_TEN = time(10)


class Replay:
    """
    The members buy as the log says, and ask for rewards as follows.

    They add up the points of their receipts. On a Saturday at ten, who has enough comes for rewards, as many as there
    are points for: members with an even number save for albums, those with an odd one take singles. What the shop
    then says is left, or is there when it was not enough, is what they reckon with from there on.

    Attributes:
        promised: What the receipts handed out so far add up to.
        rewards: How many of each reward were given.
        refused: How many asked in vain, because points had expired meanwhile.
        fullest: The receipt that had the most to tell.
    """

    def __init__(self, loyalty: Loyalty, past: History) -> None:
        self.loyalty = loyalty
        self.past = past
        self.promised = Promised()
        self.rewards: Counter[str] = Counter()
        self.refused = 0
        self.fullest: EarnReceipt | None = None
        self._reckoned: dict[str, int] = {}
        self._coming: dict[str, tuple[Reward, int]] = {}

    def weeks(self) -> Iterator[Week]:
        """Live week after week; each is given once it stands in the journal."""
        for week in self.past.weeks():
            commands = [*self._asking(week.saturday), *self.past.commands(week)]
            answers = self.loyalty.execute(commands, on_refusal="return")
            for command, answer in zip(commands, answers, strict=True):
                self._answered(command, answer)
            yield week

    def _asking(self, saturday: date) -> Iterator[Redeem]:
        ten = first_instant(saturday, _TEN, self.past.zone)
        for member, (reward, many) in self._coming.items():
            for each in range(1, many + 1):
                yield Redeem(member=member, reward=reward.name, key=f"{member}/{saturday}/{each}", now=ten)

    def _answered(self, command: Command, answer: Receipt | Exception) -> None:
        match command, answer:
            case _, EarnReceipt(member=member, points=points):
                self.promised.earned += points
                self._reckon(member, self._reckoned.get(member, 0) + points)
                if self.fullest is None or _told(answer) > _told(self.fullest):
                    self.fullest = answer
            case _, RedemptionReceipt(member=member, points=points, reward=reward, left=left):
                self.promised.redeemed += points
                self.rewards[reward] += 1
                self._reckon(member, left)
            case Redeem(member=member), NotEnoughPoints(available=int() as available):
                self.refused += 1
                self._reckon(member, available)
            case _, Exception():
                raise answer

    def _reckon(self, member: str, points: int) -> None:
        wish = SINGLE if int(member[-1]) % 2 else ALBUM
        self._reckoned[member] = points
        if points >= wish.least:
            self._coming[member] = wish, points // wish.least
        else:
            self._coming.pop(member, None)


def _told(receipt: EarnReceipt) -> tuple[int, int]:
    return len(receipt.reasons), receipt.points
