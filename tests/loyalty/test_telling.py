"""What every receipt says, in both languages: what happened, to how many points, until when; no blame, no cheering."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fidelity.events import Return
from fidelity.ledger.receipts import _KINDS, EarnReceipt
from fidelity.loyalty import Loyalty
from fidelity.loyalty.telling import _TOLD
from fidelity.rules import Reward
from fidelity.wording.phrasebook import LANGUAGES
from tests.loyalty.aurora import DAY, HOUR, NOON, aurora, bought, joined, sale

LAST = NOON + 365 * DAY  # 5 January 2027, the last day of what is earned at NOON


@pytest.fixture
def cafe():
    """Ana, with 200 points that last until 5 January 2027, and Luis, with 100."""
    loyalty = Loyalty(aurora())
    loyalty.execute([*joined("ana", "luis"), bought("T-1", "200 EUR"), bought("T-2", "100 EUR", member="luis")])
    return loyalty


def said(receipt):
    return [receipt.explain(language).splitlines() for language in ("en", "es")]


def spend(loyalty, *, reward="free coffee", key="k", now=NOON):
    return loyalty.redeem("ana", reward, key=key, now=now)


def test_every_kind_of_receipt_is_told():
    """Events that earn are told by their evaluation."""
    assert set(_TOLD) == set(_KINDS.values()) - {EarnReceipt}


def test_a_retry_says_the_same(cafe):
    first = cafe.goodwill("ana", points=20, reason="late", key="g", now=NOON)
    again = cafe.goodwill("ana", points=20, reason="late", key="g", now=NOON + DAY)

    assert (again.repeated, again.explain("es")) == (True, first.explain("es"))


def test_a_place_that_nobody_wrote_for_says_it_as_its_language_does(cafe):
    receipt = cafe.transfer("ana", to="luis", points=30, key="t", now=NOON)

    assert receipt.explain("es-AR") == receipt.explain("es") == "Has dado 30 puntos a luis. Tienes 170."
    assert receipt.explain("es-MX") == "Diste 30 puntos a luis. Tienes 170."
    assert receipt.explain("en-GB") == receipt.explain("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_has_words_for_every_kind_of_receipt(cafe, language):
    spent = spend(cafe)
    hold = cafe.hold("ana", points=10, key="h", now=NOON)
    receipts = [
        spent,
        hold,
        cafe.capture(hold.id, points=4, key="c", now=NOON),
        cafe.undo(spent.id, points=20, key="u", now=NOON),
        cafe.goodwill("luis", points=5, reason="late", key="g", now=NOON),
        cafe.extend("luis", until=LAST + DAY, reason="late", key="e", now=NOON),
        cafe.transfer("luis", to="ana", points=5, key="t", now=NOON),
        cafe.join_household("luis", "olmo 3", key="j", now=NOON),
        cafe.record(Return("R-1", purchase="T-1", at=NOON), now=NOON),
        cafe.forgive("ana", points=1, reason="late", key="f", now=NOON),
        cafe.freeze("luis", reason="card lost", key="z", now=NOON),
        cafe.protect("luis", cause="payment/P-1", key="p", now=NOON),
        cafe.rerate("luis", "purchase/T-2", key="r", now=NOON),
        cafe.merge("luis", into="ana", key="m", now=NOON),
        cafe.close("ana", reason="wish", key="x", now=NOON),
    ]

    told = [receipt.explain(language) for receipt in receipts]

    assert [line for text in told for line in text.splitlines() if not line.endswith(".") or "{" in line] == []
    assert "" not in told


def test_enrolling():
    receipt = Loyalty(aurora()).enroll("ana", customer_since=date(2019, 5, 2), now=NOON)

    assert said(receipt) == [
        ["You are a member. Your time with us counts from 2 May 2019."],
        ["Ya formas parte del programa. Tu tiempo con nosotros cuenta desde el 2 de mayo de 2019."],
    ]


def test_a_redemption_of_a_household_says_who_gave_how_many(cafe):
    for member in ("ana", "luis"):
        cafe.join_household(member, "olmo 3", key=member, now=NOON)
    spend(cafe)

    receipt = cafe.redeem("luis", "free coffee", key="p", pooled=True, now=NOON)

    assert said(receipt) == [
        ["Free coffee: 120 points used. Your household has 60 left.", "From luis, 100 points; from ana, 20 points."],
        ["Free coffee: se han usado 120 puntos. Tu hogar tiene 60.", "De luis, 100 puntos; de ana, 20 puntos."],
    ]


def test_undoing_for_a_household_says_who_got_how_many_back(cafe):
    for member in ("ana", "luis"):
        cafe.join_household(member, "olmo 3", key=member, now=NOON)
    spent = cafe.redeem("luis", "free coffee", key="p", pooled=True, now=NOON)

    receipt = cafe.undo(spent.id, key="u", points=50, now=NOON)

    assert said(receipt) == [
        ["50 points came back.", "To ana, 20 points; to luis, 30 points.", "70 points of it remain used."],
        ["Se han devuelto 50 puntos.", "Para ana, 20 puntos; para luis, 30 puntos.", "Siguen usados 70 puntos."],
    ]


def test_undoing(cafe):
    spent = spend(cafe)

    receipt = cafe.undo(spent.id, key="u", now=NOON)

    assert said(receipt) == [["You have 120 points back."], ["Recuperas 120 puntos."]]


def test_undoing_in_part(cafe):
    receipt = cafe.undo(spend(cafe).id, key="u", points=119, now=NOON)

    assert said(receipt) == [
        ["You have 119 points back.", "1 point of it remains used."],
        ["Recuperas 119 puntos.", "Sigue usado 1 punto."],
    ]


def test_undoing_after_the_end_of_the_points_says_how_long_they_last_now(cafe):
    spent = spend(cafe)

    receipt = cafe.undo(spent.id, key="u", now=LAST + 10 * DAY)

    assert said(receipt) == [
        [
            "You have 120 points back.",
            "120 points of them can be used until 14 February 2027, that day included, because their own time was over.",
        ],
        [
            "Recuperas 120 puntos.",
            (
                "De ello, 120 puntos se pueden usar hasta el 14 de febrero de 2027, ese día incluido, porque su propio "
                "plazo había terminado."
            ),
        ],
    ]


def test_what_comes_back_pays_first_what_is_owed(cafe):
    spent = spend(cafe)
    cafe.record(Return("R-1", purchase="T-1", amount="90 EUR", at=NOON), now=NOON)

    receipt = cafe.undo(spent.id, key="u", now=NOON)

    assert said(receipt) == [
        ["You have 120 points back.", "10 points of them go to what was owed."],
        ["Recuperas 120 puntos.", "De ello, 10 puntos saldan lo que se debía."],
    ]


def test_giving(cafe):
    receipt = cafe.transfer("ana", to="luis", points=30, key="t", now=NOON)

    assert said(receipt) == [
        ["You have given 30 points to luis. You have 170 left."],
        ["Has dado 30 puntos a luis. Tienes 170."],
    ]


def test_merging(cafe):
    spend(cafe)
    cafe.record(Return("R-1", purchase="T-1", at=NOON), now=NOON)

    owing = cafe.merge("ana", into="luis", key="m", now=NOON)

    assert said(owing) == [
        [
            "The account ana is now part of the account luis.",
            "What was owed came with it too: 120 points.",
            "Your time with us counts from 5 January 2026.",
        ],
        [
            "La cuenta ana forma ahora parte de la cuenta luis.",
            "También ha venido lo que se debía: 120 puntos.",
            "Tu tiempo con nosotros cuenta desde el 5 de enero de 2026.",
        ],
    ]


def test_merging_says_which_points_came(cafe):
    receipt = cafe.merge("luis", into="ana", key="m", now=NOON)

    assert receipt.explain().splitlines()[1] == "100 points came with it."
    assert receipt.explain("es").splitlines()[1] == "Con ella han venido 100 puntos."


def test_joining_and_leaving_a_household(cafe):
    came = cafe.join_household("ana", "olmo 3", key="j", now=NOON)
    left = cafe.leave_household("ana", key="l", now=NOON)

    assert said(came) == [
        ["You now share points with the household “olmo 3”."],
        ["Ahora compartes puntos con el hogar «olmo 3»."],
    ]
    assert said(left) == [
        ["You no longer share points with the household “olmo 3”; those that you have stay yours."],
        ["Ya no compartes puntos con el hogar «olmo 3»; los que tienes siguen siendo tuyos."],
    ]


def test_extending_to_a_day(cafe):
    receipt = cafe.extend("ana", until=date(2027, 6, 30), reason="shop closed", key="e", now=NOON)

    assert said(receipt) == [
        ["200 points now last until 30 June 2027, that day included."],
        ["200 puntos: ahora duran hasta el 30 de junio de 2027, ese día incluido."],
    ]


def test_extending_to_an_instant_within_a_day(cafe):
    receipt = cafe.extend("ana", until=LAST + 10 * DAY, reason="shop closed", key="e", now=NOON)

    assert receipt.explain() == "200 points now last until 15 January 2027, 13:00 (Madrid time)."


def test_reinstating(cafe):
    receipt = cafe.reinstate("ana", points=40, reason="was ill", key="r", now=LAST + 10 * DAY)

    assert said(receipt) == [
        ["40 points that had expired can be used again, until 14 February 2027, that day included."],
        ["Vuelves a tener 40 puntos que habían caducado, para usar hasta el 14 de febrero de 2027, ese día incluido."],
    ]


def test_an_apology(cafe):
    receipt = cafe.goodwill("ana", points=20, reason="late", key="g", now=NOON)

    assert said(receipt) == [
        ["We have given you 20 points as an apology.", "They last until 5 January 2027, that day included."],
        ["Te hemos dado 20 puntos como disculpa.", "Duran hasta el 5 de enero de 2027, ese día incluido."],
    ]


def test_forgiving(cafe):
    spend(cafe)
    cafe.record(Return("R-1", purchase="T-1", at=NOON), now=NOON)

    receipt = cafe.forgive("ana", points=100, reason="our mistake", key="f", now=NOON)

    assert said(receipt) == [
        ["100 points are no longer owed.", "20 points are still owed."],
        ["Ya no se deben 100 puntos.", "Todavía se deben 20 puntos."],
    ]


def test_freezing_never_says_why(cafe):
    frozen = cafe.freeze("ana", reason="fraud suspected", key="f", now=NOON)
    free = cafe.unfreeze("ana", key="u", now=NOON + HOUR)

    assert said(frozen) == [
        ["For now no points can be used, and none expire. You go on earning."],
        ["Por ahora no se puede usar ningún punto, y ninguno caduca. Sigues ganando puntos."],
    ]
    assert said(free) == [
        ["Your points can be used again, and have at least as much time left as they had."],
        ["Tus puntos se pueden usar de nuevo, y les queda al menos el tiempo que les quedaba."],
    ]


def test_protection_never_says_why(cafe):
    began = cafe.protect("ana", cause="payment/P-1", key="1", now=NOON)
    more = cafe.protect("ana", cause="no work", key="2", now=NOON)
    one = cafe.end_protection("ana", "protection/1", key="3", now=NOON + DAY)
    both = cafe.end_protection("ana", "protection/2", key="4", now=NOON + DAY)

    assert (
        said(began)
        == said(more)
        == [
            ["For now nothing expires, nothing is taken back, and your tier does not fall."],
            ["Por ahora nada caduca, nada se retira y tu nivel no baja."],
        ]
    )
    assert said(one) == [
        ["One protection has ended and another goes on: nothing expires and nothing is taken back."],
        ["Una protección ha terminado y otra sigue: nada caduca y nada se retira."],
    ]
    assert said(both) == [
        ["The protection has ended; your points have at least as much time left as they had."],
        ["La protección ha terminado; a tus puntos les queda al menos el tiempo que les quedaba."],
    ]


def test_a_program_without_tiers_says_nothing_of_them():
    loyalty = Loyalty(aurora(tiers=None))
    loyalty.enroll("ana", now=NOON)

    receipt = loyalty.protect("ana", cause="payment/P-1", key="1", now=NOON)

    assert said(receipt) == [
        ["For now nothing expires and nothing is taken back."],
        ["Por ahora nada caduca y nada se retira."],
    ]


def test_closing(cafe):
    receipt = cafe.close("ana", reason="wish", key="c", now=NOON)

    assert said(receipt) == [
        ["The account is closed.", "200 points were left and have expired."],
        ["La cuenta está cerrada.", "Quedaban 200 puntos, que han caducado."],
    ]


def test_closing_lets_go_what_is_owed(cafe):
    spend(cafe)
    cafe.record(Return("R-1", purchase="T-1", at=NOON), now=NOON)

    receipt = cafe.close("ana", reason="wish", key="c", now=NOON)

    assert said(receipt) == [
        ["The account is closed.", "What was owed is let go: 120 points."],
        ["La cuenta está cerrada.", "Lo que se debía queda sin efecto: 120 puntos."],
    ]


def test_deciding_an_event_once_more():
    """A purchase of January that is learned in February makes the one of the 20th a purchase of Gold: 3/2."""
    loyalty = Loyalty(aurora())
    at = NOON + 15 * DAY
    loyalty.execute([*joined("ana"), bought("T-1", "100 EUR", at=at)])
    same = loyalty.rerate("ana", "purchase/T-1", key="1", now=at)
    loyalty.record(sale("T-0", "2000 EUR", at=NOON), now=at + HOUR)

    receipt = loyalty.rerate("ana", "purchase/T-1", key="2", now=at + DAY)

    assert said(same) == [
        ["Deciding the purchase “T-1” once more changes no points."],
        ["El nuevo cálculo de la compra «T-1» no cambia los puntos."],
    ]
    assert said(receipt) == [
        ["Decided once more, the purchase “T-1” gives 50 points more."],
        ["Con el nuevo cálculo, la compra «T-1» da 50 puntos más."],
    ]


def test_a_return_says_what_was_used(cafe):
    spend(cafe)

    receipt = cafe.record(Return("R-1", purchase="T-1", at=NOON), now=NOON)

    assert said(receipt) == [
        [
            "With the return, 200 points go back.",
            "120 points of them had been used, given away or set aside; the next ones that you earn settle them.",
        ],
        [
            "Con la devolución se retiran 200 puntos.",
            "De ello, 120 puntos ya se habían usado, dado o apartado; se saldan con lo próximo que ganes.",
        ],
    ]


def test_a_return_says_what_had_expired(cafe):
    receipt = cafe.record(Return("R-1", purchase="T-1", at=LAST + DAY), now=LAST + DAY)

    assert said(receipt) == [
        ["With the return, 200 points go back.", "200 points of them had expired before."],
        ["Con la devolución se retiran 200 puntos.", "De ello, 200 puntos ya habían caducado."],
    ]


def test_a_return_says_which_points_stay_with_who_is_protected(cafe):
    cafe.protect("ana", cause="payment/P-1", key="1", now=NOON)

    receipt = cafe.record(Return("R-1", purchase="T-1", at=NOON), now=NOON)

    assert said(receipt) == [
        ["200 points that would go back stay with you."],
        ["Se quedan contigo 200 puntos que se habrían retirado."],
    ]


# -- earlier terms of the program


def dearer(first):
    """The café after its coffee had become dearer, on the 4th of February."""
    changed = NOON + timedelta(days=30)
    loyalty = Loyalty(aurora(version="2026-02", rewards=[Reward("free coffee", cost=150)]), journal=first.journal)
    loyalty.enroll("eva", now=changed)
    return loyalty, changed


def test_a_quote_says_that_earlier_terms_hold_for_which_points_and_how_long(cafe):
    loyalty, changed = dearer(cafe)
    loyalty.execute([bought("T-3", "10 EUR", at=changed + DAY)])

    quote = loyalty.quote("ana", "free coffee", at=changed + DAY)

    assert said(quote) == [
        [
            "You can use 120 points for free coffee; 90 will be left.",
            (
                "These terms hold until 4 August 2026, 13:00 (Madrid time), for points earned before 4 February 2026, "
                "13:00 (Madrid time); you have 200 of those."
            ),
        ],
        [
            "Puedes usar 120 puntos en free coffee; después quedan 90.",
            (
                "Estas condiciones valen hasta el 4 de agosto de 2026, 13:00 (hora de Madrid), para los puntos ganados "
                "antes del 4 de febrero de 2026, 13:00 (hora de Madrid); de los de entonces tienes 200."
            ),
        ],
    ]


def test_a_quote_of_a_frozen_account_says_that_nothing_can_be_spent(cafe):
    cafe.freeze("ana", reason="card lost", key="z", now=NOON)

    quote = cafe.quote("ana", "free coffee", at=NOON)

    assert (quote.missing, quote.affordable) == (0, False)
    assert said(quote) == [
        ["For now no points can be used, and none expire. You go on earning."],
        ["Por ahora no se puede usar ningún punto, y ninguno caduca. Sigues ganando puntos."],
    ]
    assert (
        cafe.quote("luis", "free coffee", at=NOON).explain()
        == "Free coffee costs 120 points. You have 100; 20 more are needed."
    )


def test_a_quote_says_what_will_be_left_of_all_points_also_of_those_that_must_wait():
    loyalty = Loyalty(aurora(rewards=[Reward("cake", cost=50, wait="30 days")]))
    loyalty.execute([*joined("ana"), bought("T-1", "60 EUR"), bought("T-2", "40 EUR", at=NOON + 30 * DAY)])
    at = NOON + 30 * DAY

    quote, receipt = loyalty.quote("ana", "cake", at=at), loyalty.redeem("ana", "cake", key="k", now=at)

    assert (quote.available, receipt.left) == (60, 50)
    assert quote.explain() == "You can use 50 points for cake; 50 will be left."


def test_a_quote_that_a_filter_denies_says_too_which_terms_hold(cafe):
    changed = NOON + 30 * DAY
    dearer = Reward("tasting", cost=80, channels=["store"])
    loyalty = Loyalty(aurora(version="2026-02", rewards=[dearer]), journal=cafe.journal)
    loyalty.enroll("eva", now=changed)

    lines = loyalty.quote("ana", "tasting", at=changed, fields={"channel": "app"}).explain().splitlines()

    assert lines[0].startswith("Tasting is not available now, because")
    assert lines[1].startswith("These terms hold until 4 August 2026")


def test_a_quote_on_the_present_terms_says_nothing_of_others(cafe):
    loyalty, changed = dearer(cafe)

    quote = loyalty.quote("luis", "free coffee", at=changed + DAY)

    assert quote.explain() == "Free coffee costs 150 points. You have 100; 50 more are needed."
