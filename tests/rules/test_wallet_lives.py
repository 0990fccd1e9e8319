"""What a wallet may say of how its points end without activity, fade and wait, and how it is written and said."""

from __future__ import annotations

from datetime import date

import pytest

from fidelity import Decay, Program, ProgramError
from fidelity.errors import FidelityError, LanguageError, OperandError, TimeError, ValueRefused
from fidelity.ledger.terms import terms_of
from fidelity.rules.earning.rules import Wallet
from fidelity.values.expiry import expiry
from fidelity.values.periods import duration
from fidelity.values.waiting import UntilConfirmed
from tests.rules.programs import plain, program

WEEKLY = Decay(after="12 weeks", every="week", lose="5 %", at_least=5, all_at="20 weeks")


@pytest.mark.parametrize(
    "terms",
    [
        {"expiry": "after 18 whole months without activity", "activity": ("redeem", "event")},
        {"expiry": "36 months, or after 12 months without activity"},
        {"decay": WEEKLY},
        {"decay": Decay(after="1 month", every="2 weeks", lose="1/3")},
        {"pending": "until confirmed"},
        {"pending": "until confirmed, at most 60 days", "reinstatement": "10 days", "extension": "6 months"},
    ],
)
def test_what_a_wallet_says_is_written_and_read_back(terms):
    made = program(wallets=[Wallet("points", **terms)])

    for again in (Program.from_dict(made.to_dict()), Program.from_json(made.to_json())):
        assert (again, again.digest) == (made, made.digest)


def test_a_file_spells_how_points_fade():
    made = Program.from_dict(plain(wallets=[{
        "name": "points",
        "decay": {"after": "12 weeks", "every": "week", "lose": "5%", "at_least": 5, "all_at": "20 weeks"},
    }]))  # fmt: skip

    assert made.wallets[0].decay == WEEKLY
    assert made.to_dict()["wallets"] == [{
        "name": "points",
        "decay": {"after": "12 weeks", "every": "1 week", "lose": "5%", "at_least": 5, "all_at": "20 weeks"},
    }]  # fmt: skip


@pytest.mark.parametrize(
    "usual",
    [
        {"reinstatement": "365 days"},
        {"pending": "0 days"},
        {"activity": ("redeem", "earn"), "expiry": None},
    ],
)
def test_what_holds_anyway_changes_no_digest(usual):
    assert program(wallets=[Wallet("points", **usual)]).digest == program(wallets=["points"]).digest


def test_what_counts_is_earning_and_spending_and_for_fading_points_only_earning():
    made = program(wallets=[Wallet("points", expiry="after 1 year without activity"), Wallet("miles", decay=WEEKLY)])

    clocks = {name: [each.activity for each in terms.clocks] for name, terms in terms_of(made).wallets.items()}

    assert clocks == {"points": [("earn", "redeem")], "miles": [("earn",)]}


def test_a_wallet_of_ages_alone_has_no_clock():
    assert terms_of(program(expiry="12 months")).wallets["points"].clocks == ()


@pytest.mark.parametrize(
    ("said", "error", "sentence"),
    [
        ({"activity": ("spend",)}, ValueRefused, "'spend' is no activity of a wallet"),
        ({"activity": "transferr"}, ValueRefused, 'did you mean "transfer"'),
        ({"decay": "5 %"}, OperandError, 'decay is written Decay(after="12 weeks"'),
        ({"decay": WEEKLY, "expiry": "after 1 year without activity"}, LanguageError, "keep one of the two"),
        ({"pending": "until delivered"}, TimeError, 'write "14 days", "until confirmed"'),
        ({"pending": "until confirmed, at most 0 days"}, TimeError, "leave pending= out"),
        ({"reinstatement": "0 days"}, TimeError, 'write at least "1 day"'),
        ({"reinstatement": "5 hours"}, TimeError, "counted in whole days"),
        ({"extension": "90 minutes"}, TimeError, "counted in whole days"),
        ({"expiry": "after 0 months without activity"}, TimeError, 'write at least "1 day"'),
        ({"expiry": "after 30 whole days without activity"}, TimeError, "every day is whole"),
        ({"expiry": "after 2 hours without activity"}, TimeError, "whole days without activity"),
        ({"expiry": "after 1 year without activity or after 2 years without activity"}, TimeError, "keep the shorter"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(said, error, sentence):
    with pytest.raises(error) as caught:
        Wallet("points", **said)

    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"every": "0 weeks"}, 'every="1 day"'),
        ({"after": "3 hours"}, "fade by whole days"),
        ({"lose": "0"}, "a share between nothing and all"),
        ({"lose": "2"}, "a share between nothing and all"),
        ({"lose": 0.05}, "0.05"),
        ({"at_least": 0}, "at_least"),
        ({"all_at": "12 weeks"}, "wait longer"),
    ],
)
def test_a_decay_that_makes_no_sense_is_refused(told, sentence):
    with pytest.raises(FidelityError) as caught:
        Decay(**({"after": "12 weeks", "every": "week", "lose": "5 %"} | told))

    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("terms", "path", "message"),
    [
        (
            {"wallets": [Wallet("points", decay=WEEKLY)], "expiry": "1 year, or after 6 months without activity"},
            "wallets[0].decay",
            'give the wallet expiry="1 year"',
        ),
        (
            {"wallets": [Wallet("points", activity=["earn", "event"])], "expiry": "12 months"},
            "wallets[0].activity",
            'no points of "points" end without activity',
        ),
    ],
)
def test_what_does_not_go_together_is_told_with_its_place(terms, path, message):
    with pytest.raises(ProgramError) as caught:
        program(**terms)

    (problem,) = caught.value.problems
    assert problem.path == path
    assert message in str(problem)


def test_what_is_wrong_in_a_file_is_told_with_its_place():
    with pytest.raises(ProgramError) as caught:
        Program.from_dict(plain(wallets=[{
            "name": "points", "pending": "until paid", "activity": ["earned"], "decay": {"after": "12 weeks"},
        }]))  # fmt: skip

    paths = [each.path for each in caught.value.problems]
    assert "wallets[0].pending" in paths
    assert any(path.startswith("wallets[0].decay") for path in paths)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", [
            "Points last 36 months from the day you earn them, through the end of the last day.",
            "Points end all at once at the end of a month: 18 months after the month of the last time you earn points",
            "Nothing else counts as activity.",
            "Your miles begin to fade 12 weeks after the last time you earn miles.",
            "You then lose 5% of them every week, rounded down, and at least 5 miles.",
            "After 20 weeks all of them are gone.",
            "It stops, and the count begins again, when you earn miles.",
            "Miles that have ended can be given back within 10 days.",
        ]),
        ("es", [
            "Los puntos caducan a la vez al final de un mes: 18 meses después del mes de la última vez que ganas puntos",
            "Nada más cuenta como actividad.",
            "Tus millas empiezan a menguar 12 semanas después de la última vez que ganas millas.",
            "Entonces se pierde el 5 % cada semana, con redondeo hacia abajo, y al menos 5 millas.",
            "Después de 20 semanas se pierde todo lo que queda.",
            "Esto para, y la cuenta empieza de nuevo, cuando ganas millas.",
            "Si las millas ya caducaron, se pueden devolver en 10 días.",
        ]),
        ("es-MX", [
            "Los puntos vencen a la vez al final de un mes: 18 meses después del mes de la última vez que ganas puntos",
            "Si las millas ya vencieron, se pueden devolver en 10 días.",
        ]),
    ],
)  # fmt: skip
def test_printed_terms_say_it(language, lines):
    made = program(
        expiry="36 months, or after 18 whole months without activity",
        wallets=["points", Wallet("miles", expiry="never", decay=WEEKLY, reinstatement="10 days")],
    )

    told = made.explain(language)

    assert [line for line in lines if line.replace("\u00a0", " ") not in told.replace("\u00a0", " ")] == []


def test_printed_terms_say_what_confirms():
    made = program(wallets=[Wallet("points", pending="until confirmed, at most 60 days", extension="6 months")])

    told = made.explain()

    assert "You can use your points when your purchase is confirmed." in told
    assert "That is at the latest 60 days after earning them." in told
    assert "We can let your points last longer, for at most 6 months more." in told


class TestValues:
    @pytest.mark.parametrize(
        ("text", "last", "canonical"),
        [
            ("after 12 months without activity", "2022-01-01", None),
            ("after a year without activity", "2022-01-01", "after 1 year without activity"),
            ("after 18 whole months without activity", "2022-07-31", None),
            ("after 2 whole years without activity", "2023-12-31", None),
            ("After  30 Days without activity", "2021-01-31", "after 30 days without activity"),
            ("never, or after 3 whole weeks without activity", "2021-01-24", "after 3 whole weeks without activity"),
        ],
    )
    def test_a_life_without_activity_is_counted_from_the_last(self, text, last, canonical):
        told = expiry(text)

        assert str(told) == (canonical or text)
        assert expiry(str(told)) == told
        assert told.inactive.last_day(date(2021, 1, 1)) == date.fromisoformat(last)
        assert (told.never, told.ages, told.last_day(date(2021, 1, 1))) == (False, False, None)

    def test_both_lives_are_told_apart(self):
        told = expiry("36 months, to the end of the month or after 12 months without activity")

        assert str(told) == "36 months, to the end of the month, or after 12 months without activity"
        assert str(told.aged) == "36 months, to the end of the month"
        assert told.last_day(date(2021, 1, 15)) == date(2024, 1, 31)
        assert told.inactive.last_day(date(2021, 1, 15)) == date(2022, 1, 15)
        assert expiry("12 months").inactive is None

    def test_a_confirmation_has_its_latest_day(self):
        assert UntilConfirmed(duration("60 days")) == Wallet("a", pending="until confirmed at most 60 days").pending
