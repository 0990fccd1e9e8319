"""Notices agree with what is counted, with whom they speak to, and with the place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from fidelity.wording import en_notices, es_notices, notices, receipts

MADRID = ZoneInfo("Europe/Madrid")
MIDNIGHT = datetime(2027, 7, 1, tzinfo=MADRID)


def test_what_lasts_until_midnight_lasts_until_the_day_before():
    assert notices.extended("en", 100, MIDNIGHT, MADRID) == "100 points now last until 30 June 2027, that day included."


def test_what_ends_within_a_day_ends_at_its_hour():
    noon = datetime(2027, 7, 1, 12, tzinfo=MADRID)

    assert notices.extended("es", 100, noon, MADRID) == (
        "100 puntos: ahora duran hasta el 1 de julio de 2027, 12:00 (hora de Madrid)."
    )


def test_a_day_ends_in_the_zone_of_the_program():
    """In June midnight in Madrid is 22:00 in London's winter time."""
    end = datetime(2027, 6, 30, 22, tzinfo=UTC)

    assert notices.extended("en", 1, end, MADRID) == "1 point now lasts until 30 June 2027, that day included."
    assert notices.extended("en", 1, end, ZoneInfo("UTC")) == "1 point now lasts until 30 June 2027, 22:00 (UTC)."


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("These terms hold until 30 June 2027, that day included, for miles earned before 1 January 2027; "
         "you have 5 of those.")),
        ("es", ("Estas condiciones valen hasta el 30 de junio de 2027, ese día incluido, para las millas ganadas "
         "antes del 1 de enero de 2027; de las de entonces tienes 5.")),
    ],
)  # fmt: skip
def test_earlier_terms_agree_with_what_the_wallet_holds(language, words):
    before = datetime(2027, 1, 1, tzinfo=MADRID)

    assert receipts.quote_earlier(language, 5, MADRID, "miles", before=before, until=MIDNIGHT) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (notices.undone("es", 5, 0, formal=True), ["Recupera 5 puntos."]),
        (notices.goodwill("es", 1, MIDNIGHT, MADRID, formal=True),
         ["Le hemos dado 1 punto como disculpa.", "Dura hasta el 30 de junio de 2027, ese día incluido."]),
        (notices.goodwill("es-MX", 2, None, MADRID, formal=True), ["Le dimos 2 puntos como disculpa."]),
        (notices.given("es", 1, "luis", 0, formal=True), "Ha dado 1 punto a luis. Tiene 0."),
        (receipts.waived("es", 1, formal=True), "Se queda con usted 1 punto que se habría retirado."),
        (notices.frozen("es-MX", still=True, formal=True),
         "Por ahora no se puede usar ningún punto, y ninguno vence. Sigue ganando puntos."),
        (notices.household("es", "olmo", joined=False, formal=True),
         "Ya no comparte puntos con el hogar olmo; los que tiene siguen siendo suyos."),
        (notices.redeemed_pooled("es", "café", 5, 1, formal=True), "Café: se han usado 5 puntos. Su hogar tiene 1."),
        (notices.enrolled("es", date(2019, 5, 2), formal=True),
         "Ya forma parte del programa. Su tiempo con nosotros cuenta desde el 2 de mayo de 2019."),
    ],
)  # fmt: skip
def test_usted_is_addressed_as_usted(said, words):
    assert said == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (notices.undone_pooled("es", 1, 1, {"ana": 1}),
         ["Se ha devuelto 1 punto.", "Para ana, 1 punto.", "Sigue usado 1 punto."]),
        (notices.undone("en", 5, 1), ["You have 5 points back.", "1 point of it remains used."]),
        (notices.settled("es", 1), "De ello, 1 punto salda lo que se debía."),
        (notices.forgiven("en", 1, 1), ["1 point is no longer owed.", "1 point is still owed."]),
        (notices.closed("es", {"points": 1}, {}), ["La cuenta está cerrada.", "Quedaba 1 punto, que ha caducado."]),
        (receipts.returned_expired("es-MX", 1), "De ello, 1 punto ya había vencido."),
        (notices.reinstated("es", 1, MIDNIGHT, MADRID),
         "Vuelves a tener 1 punto que había caducado, para usar hasta el 30 de junio de 2027, ese día incluido."),
    ],
)  # fmt: skip
def test_one_is_not_many(said, words):
    assert said == words


def test_the_id_of_somebody_else_is_quoted_when_it_could_be_misheard():
    assert notices.given("en", 5, "y M-7", 0) == "You have given 5 points to “y M-7”. You have 0 left."


def test_an_event_of_the_hosts_own_is_told_by_its_kind():
    assert notices.rerated("en", "test drive/D-1", 5) == (
        "Decided once more, the event “test drive” “D-1” gives 5 points more."
    )


def test_mexico_changes_no_sentence_that_spain_does_not_have():
    assert set(es_notices.MEXICO) <= set(es_notices.PHRASES)


def test_nothing_is_said_twice():
    """A phrase of the notices that stood in the terms too would be lost without a word."""
    from fidelity.wording import en_terms, es_terms

    assert not set(en_notices.PHRASES) & set(en_terms.PHRASES)
    assert not set(es_notices.PHRASES) & set(es_terms.PHRASES)
