"""The terms of a wallet: what a program may say of one, how it is written down, and what members read of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fidelity.errors import FidelityError, ProgramError, TimeError, ValueRefused
from fidelity.ledger.terms import terms_of
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.rules import EarnRule, Wallet
from fidelity.rules.program import Program
from fidelity.rules.spelling.files import read_toml
from fidelity.values.expiry import expiry
from fidelity.values.periods import duration
from tests.rules.programs import plain, program

OWN = {"order": "earning order", "pending": "14 days", "clawback": "within balance", "transfers": "not at all"}


def test_the_main_wallet_takes_terms_of_its_own_and_the_life_of_the_program():
    made = program(wallets=[Wallet("points", **OWN)], expiry="12 months")

    terms = terms_of(made).wallets["points"]

    assert (terms.order, terms.pending, terms.clawback, terms.transfers) == (
        "earning order", duration("14 days"), "within balance", "not at all",
    )  # fmt: skip
    assert terms.expiry == expiry("12 months")


def test_a_wallet_that_says_nothing_has_the_terms_that_most_have():
    terms = terms_of(program(wallets=["stamps"])).wallets

    assert [(each.order, each.pending, each.clawback, each.transfers) for each in terms.values()] == [
        ("earliest expiry", None, "debt", "keep expiry")
    ] * 2


def test_each_wallet_has_its_own_terms():
    made = program(wallets=[Wallet("points", pending="2 days"), Wallet("stamps", expiry="6 months")])

    terms = terms_of(made).wallets

    assert terms["points"].pending == duration("2 days")
    assert (terms["stamps"].pending, terms["stamps"].expiry) == (None, expiry("6 months"))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"order": "earliest expirey"},
            (
                'order of a wallet is "earliest expiry" or "earning order", not \'earliest expirey\'; '
                'did you mean "earliest expiry"?'
            ),
        ),
        ({"order": "fifo"}, 'order of a wallet is "earliest expiry" or "earning order", not \'fifo\''),
        ({"clawback": "depts"}, 'did you mean "debt"?'),
        ({"clawback": None}, '"debt", "within balance" or "only pending", not None'),
        ({"transfers": "Keep Expiry"}, 'did you mean "keep expiry"?'),
        ({"transfers": ["not at all"]}, '"keep expiry", "reset expiry" or "not at all"'),
    ],
)
def test_an_unknown_policy_is_refused_with_those_there_are(said, sentence):
    with pytest.raises(ValueRefused) as refused:
        Wallet("points", **said)

    assert sentence in str(refused.value)


@pytest.mark.parametrize("wait", ["a fortnight", 14, timedelta(days=14)])
def test_a_wait_is_a_duration(wait):
    with pytest.raises(TimeError):
        Wallet("points", pending=wait)


def test_no_time_at_all_is_not_waiting():
    assert Wallet("points", pending="0 days") == Wallet("points")


def test_the_terms_of_a_wallet_are_given_by_name():
    with pytest.raises(TypeError):
        Wallet("points", "12 months")


# -- written down


def test_a_wallet_is_written_with_what_it_says_and_nothing_else():
    made = program(wallets=[Wallet("points", **OWN), Wallet("stamps", pending="1 month")])

    assert made.to_dict()["wallets"] == [{"name": "points", **OWN}, {"name": "stamps", "pending": "1 month"}]
    assert Program.from_json(made.to_json()) == made


def test_policies_that_hold_anyway_change_no_digest():
    said = Wallet("stamps", order="earliest expiry", pending=None, clawback="debt", transfers="keep expiry")

    assert program(wallets=[said]).digest == program(wallets=["stamps"]).digest
    assert program(wallets=[said]).to_dict()["wallets"] == [{"name": "stamps"}]


@pytest.mark.parametrize("name", OWN)
def test_each_policy_is_seen_in_the_digest(name):
    assert program(wallets=[Wallet("points", **{name: OWN[name]})]).digest != program(wallets=["points"]).digest


def test_a_file_spells_the_policies_of_a_wallet():
    text = """
        name = "Café Aurora"
        version = "1"
        currency = "EUR"
        timezone = "Europe/Madrid"
        [[earn]]
        name = "base"
        points = 1
        per = "1 EUR"
        [[wallets]]
        name = "points"
        order = "earning order"
        pending = "14 days"
        clawback = "within balance"
        transfers = "not at all"
    """

    assert Program.from_dict(read_toml(text)) == program(wallets=[Wallet("points", **OWN)])


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("order", "earning ordre", 'wallets[0].order: order of a wallet is "earliest expiry" or "earning order"'),
        ("order", 1, "wallets[0].order: "),
        ("clawback", "dept", 'did you mean "debt"?'),
        ("transfers", "never", 'wallets[0].transfers: transfers of a wallet is "keep expiry"'),
        ("pending", "14", "wallets[0].pending: '14' is not a duration"),
        ("pending", 14, "wallets[0].pending: a text is needed here"),
        ("pendign", "14 days", 'did you mean "pending"?'),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(key, value, said):
    with pytest.raises(ProgramError) as refused:
        Program.from_dict(plain(wallets=[{"name": "points", key: value}]))

    assert said in str(refused.value)
    assert len(refused.value.problems) == 1


def test_a_wallet_that_stands_twice_is_refused():
    with pytest.raises(FidelityError, match='the name "points" stands twice'):
        program(wallets=[Wallet("points"), Wallet("points", pending="2 days")])


# -- in words


@pytest.mark.parametrize("language", ["en", "es", "es-MX"])
def test_a_main_wallet_that_says_nothing_changes_no_word(language):
    assert program(wallets=["points"]).explain(language) == program().explain(language)


def test_the_life_of_the_main_wallet_is_told_once():
    said = program(wallets=[Wallet("points", expiry="6 months")], expiry="12 months").explain()

    assert "Points last 6 months from the day you earn them" in said
    assert "12 months" not in said


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "- Points last 12 months from the day you can first use them, through the end of the last day.",
                "- You can use your points 14 days after you earn them.",
                "- The points earned first are used first.",
                "- A return never takes more points back than you have.",
                "- Points cannot be given to another member.",
            ],
        ),
        (
            "es",
            [
                "- Los puntos duran 12 meses desde el día en que puedes empezar a usarlos, hasta el final del último día.",
                "- Puedes usar tus puntos 14 días después de ganarlos.",
                "- Se usan primero los puntos ganados antes.",
                "- Una devolución nunca retira más puntos de los que tienes.",
                "- Los puntos no se pueden dar a otro miembro.",
            ],
        ),
        ("es-MX", ["- Puedes usar tus puntos 14 días después de ganarlos."]),
    ],
)
def test_each_policy_of_its_own_is_said_in_plain_words(language, sentences):
    said = program(wallets=[Wallet("points", **OWN)], expiry="12 months").explain(language).splitlines()

    assert [each for each in sentences if each not in said] == []


def test_the_policies_of_each_wallet_are_said_by_its_name():
    miles = Wallet("miles", clawback="only pending", transfers="reset expiry", pending="1 month")
    made = program(wallets=[miles])

    english, spanish = made.explain("en"), made.explain("es")

    assert "With a return, only the miles from that purchase that you cannot use yet go back." in english
    assert "Miles that you give to another member last from the day of the gift." in english
    assert "Con una devolución solo se retiran las millas de esa compra que aún no puedes usar." in spanish
    assert "Las millas que das a otro miembro duran desde el día en que las das." in spanish
    assert "You can use your points" not in english


@pytest.mark.parametrize("wallets", [[], [Wallet("stamps")]])
@pytest.mark.parametrize("name", ["pionts", "point", "Points"])
def test_a_misspelt_wallet_of_a_rule_is_no_new_wallet(name, wallets):
    with pytest.raises(ProgramError) as caught:
        program(EarnRule("base", points(1), wallet=name), wallets=wallets)

    assert [(each.path, each.remedy) for each in caught.value.problems] == [
        ("earn[0].wallet", 'did you mean "points"?')
    ]


def test_a_rule_brings_a_wallet_whose_name_is_its_own():
    for name in ("stamps", "coins", "miles", "base points"):
        assert program(EarnRule("base", points(1), wallet=name)).rules[0].wallet == name
