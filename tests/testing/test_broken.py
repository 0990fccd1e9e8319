"""Every check rejects a journal that is broken in its way, and every broken journal is rejected."""

from __future__ import annotations

import re

import pytest

from fidelity.errors import FidelityError, JournalError
from fidelity.journals import Journal, JournalInMemory
from fidelity.testing import FAULTS, BrokenJournal, JournalSuite
from fidelity.testing.broken.passing import Late
from fidelity.testing.suite import CAPABILITIES, checks

CHECKS = {int(name.split("_")[1]): name for name in checks()}


class Breakable:
    """A journal in memory that can be switched off, and outlives whoever opens it."""

    def __init__(self, inner):
        self._inner = inner
        self.down = False

    def __getattr__(self, name):
        if self.down and name != "close":
            raise JournalError("the journal is down")
        return getattr(self._inner, name)


class Sound(JournalSuite):
    """Memory, with all that can be declared."""

    capabilities = frozenset(CAPABILITIES)

    def __init__(self, around=lambda inner: inner):
        self.around = around
        self.store = None

    def make(self):
        self.store = Breakable(JournalInMemory())
        return self.around(self.store)

    def reopen(self, _journal):
        return self.around(self.store)

    def damage(self, _journal):
        self.store.down = True


class TestSound(Sound):
    __init__ = object.__init__

    def make(self):
        Sound.__init__(self)
        return super().make()


class TestLate(TestSound):
    """What many faults start from is sound itself."""

    def make(self):
        Sound.__init__(self, Late)
        return Sound.make(self)


def rejects(check, fault):
    """Whether the check finds something wrong with a journal that has the fault."""
    suite = Sound(lambda inner: BrokenJournal(inner, fault))
    journal = suite.opened()
    try:
        getattr(suite, check)(journal)
    except (AssertionError, JournalError, OSError):  # nothing else: a fault that crashes proves nothing
        return True
    return False


def test_every_check_has_a_number_and_a_fault_of_its_own():
    numbers = sorted(CHECKS)

    assert numbers == list(range(1, len(checks()) + 1))
    assert sorted(fault.check for fault in FAULTS.values()) == numbers


def test_every_check_says_what_the_library_needs_it_for():
    for name, check in checks().items():
        assert re.fullmatch(r"test_\d\d_\w+", name)
        assert check.__doc__, name
        assert "\n" not in check.__doc__, name
        assert check.__doc__.endswith("."), name


def test_a_check_that_needs_more_than_is_declared_is_left_out_by_its_name():
    class Modest(JournalSuite):
        capabilities = frozenset({"threads"})

    left_out = [name for name, check in checks().items() if Modest().missing(check)]

    assert left_out == [CHECKS[number] for number in (49, 70, 71, 72, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84)]
    assert Modest().missing(checks()[CHECKS[80]]) == ["shared"]


def test_a_capability_that_no_check_knows_is_refused():
    class Misspelt(JournalSuite):
        capabilities = frozenset({"treads"})

    with pytest.raises(FidelityError, match='did you mean "threads"'):
        Misspelt().missing(checks()[CHECKS[1]])


@pytest.mark.parametrize("hook", ["make", "reopen", "damage"])
def test_a_hook_that_is_missing_says_what_to_define(hook):
    with pytest.raises(NotImplementedError, match=rf"define {hook}\(self"):
        getattr(JournalSuite(), hook)(*([] if hook == "make" else [JournalInMemory()]))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_broken_journal_is_rejected_by_the_check_that_looks_for_it(fault):
    assert rejects(CHECKS[FAULTS[fault].check], fault)


def test_a_broken_journal_is_a_journal():
    assert isinstance(BrokenJournal(JournalInMemory(), "loads backwards"), Journal)


def test_a_fault_that_nobody_knows_is_refused():
    with pytest.raises(FidelityError, match='did you mean "loads backwards"'):
        BrokenJournal(JournalInMemory(), "load backwards")
