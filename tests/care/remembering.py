"""A command that writes what a test wants remembered."""

from attrs import field, frozen

from fidelity.care import CareCommand, CareReceipt, Decision
from fidelity.care.command import care_stream
from fidelity.entries import Entry

__all__ = ["Remember"]


@frozen(kw_only=True)
class Remember(CareCommand):
    """Let these entries stand in the care stream of *member*."""

    name = "remember"

    member: str
    entries: tuple[Entry, ...] = field(factory=tuple)

    @property
    def people(self):
        return (self.member,)

    def decide(self, known):
        return Decision(CareReceipt(member=self.member, at=known.now), {care_stream(self.member): self.entries})
