"""Long streams are read on from where they were, and never believed after a host took something back."""

from datetime import timedelta

import pytest

from fidelity import Care, CarePolicy, Loyalty
from fidelity.care.staff import Authority, StaffPolicy
from fidelity.journals import JournalInMemory, SqlJournal
from tests.care.shop import NOON, shop

MINUTE = timedelta(minutes=1)
POLICY = CarePolicy(staff=StaffPolicy(authorities=[Authority("barista", case="10 MXN", day="600 MXN")]))


@pytest.fixture(params=["memory", "sqlite"])
def journal(request, tmp_path):
    if request.param == "memory":
        yield JournalInMemory()
        return
    made = SqlJournal(f"sqlite:///{tmp_path}/care.db")
    yield made
    made.close()


def busy(journal, grants=40):
    """A barista who granted ten pesos so many times today."""
    loyalty = Loyalty(shop(), journal=journal)
    loyalty.enroll("ana", now=NOON)
    care = Care(loyalty, POLICY)
    care.appoint("beto", "barista", key="beto", now=NOON)
    for number in range(grants):
        grant(care, number)
    return care


def grant(care, number):
    at = NOON + number * MINUTE
    care.complain("ana", "cold soup", touchpoint=f"t{number}", key=f"c{number}", now=at)
    told = {"by": "beto", "resolution": "refund", "grants": {"refund": "10 MXN"}, "key": f"g{number}", "now": at}
    return care.resolve("ana", f"c{number}", **told)


def spent(care):
    return str(care.authority("beto", at=NOON + 500 * MINUTE).spent)


def test_only_what_was_added_is_read_again(journal, monkeypatch):
    care, asked = busy(journal), []
    load = type(journal).load

    def spied(self, program, streams, **more):
        found = load(self, program, streams, **more)
        asked.extend(len(each.lines) for name, each in found.items() if name in ("staff/beto", "care/ana"))
        return found

    monkeypatch.setattr(type(journal), "load", spied)
    assert spent(care) == "400.00 MXN"
    grant(care, 40)
    assert spent(care) == "410.00 MXN"
    assert max(asked) <= 3


def test_two_desks_over_one_journal_tell_the_same(journal):
    first = busy(journal)
    second = Care(Loyalty(shop(), journal=journal), POLICY)
    assert spent(second) == "400.00 MXN"
    grant(second, 40)
    assert spent(first) == spent(second) == "410.00 MXN"
    assert len(first.complaints("ana", at=NOON + 500 * MINUTE)) == 41


def test_what_a_host_took_back_is_forgotten(journal):
    class TakenBackError(Exception):
        pass

    care = busy(journal)

    def tried(count):
        with journal.transaction():
            for number in range(40, 40 + count):
                grant(care, number)
            assert spent(care) == f"{400 + 10 * count}.00 MXN"
            raise TakenBackError

    for count in (1, 5):
        with pytest.raises(TakenBackError):
            tried(count)
        assert spent(care) == "400.00 MXN"
    for number in range(50, 70):
        grant(care, number)
    assert spent(care) == "600.00 MXN"
    assert care.complain("ana", "long wait", key="last", now=NOON + 80 * MINUTE).state == "opened"
    assert care.loyalty.verify().sound


def test_the_past_is_told_as_it_was(journal):
    care = busy(journal)
    assert str(care.authority("beto", at=NOON + 9 * MINUTE).spent) == "100.00 MXN"
    assert len(care.complaints("ana", at=NOON + 9 * MINUTE)) == 10
    assert care.complaint_report(at=NOON + 9 * MINUTE).overall.ended == 10
