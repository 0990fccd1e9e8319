"""What a client of the FastAPI service sees: points, retries, refusals, and the words for them."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta

import pytest

from tests.examples.needs import needs

needs("fastapi", "uvicorn", "httpx", "pydantic_settings", "psycopg", "sqlalchemy")

import httpx
import psycopg
import sqlalchemy as sa

from tests.examples.service import HEADERS, HOME, Service

# The service has the clock of the machine.
NOON = datetime.now(UTC) - timedelta(minutes=1)
SALE = {"id": "T-1", "amount": "120.50 EUR", "at": NOON.isoformat(), "channel": "app"}


@pytest.fixture(scope="module")
def service(postgres_module_url, tmp_path_factory):
    # The café's program, but for what it gives on some days of the week.
    program = (HOME / "examples/fastapi_service/program.toml").read_text("utf-8")
    place = tmp_path_factory.mktemp("program") / "program.toml"
    place.write_text(program.replace('("saturday", "sunday")', '("monday",) and purchase.channel == "none"'), "utf-8")
    made = Service(postgres_module_url, POINTS_PROGRAM=str(place))
    made.start()
    made.wait()
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(service):
    with httpx.Client(base_url=service.url, headers=HEADERS, timeout=30) as made:
        yield made


@pytest.fixture
def ana(client, request):
    """A member of her own for each test; sales are named after her, for a name counts once in the whole shop."""
    name = f"ana-{abs(hash(request.node.name)) % 10**9}"
    client.put(f"/members/{name}", json={"customer_since": "2019-05-02"}).raise_for_status()
    return name


def bought(client, ana, amount="120.50 EUR", sale="T-1", **more):
    return client.post(f"/members/{ana}/purchases", json=SALE | {"id": f"{sale}-{ana}", "amount": amount}, **more)


def keyed(key):
    return {"Idempotency-Key": key}


def problem(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == answer.status_code
    assert found["type"] == f"urn:fidelity:{found['code'].replace(' ', '-')}"
    assert found["detail"]
    assert found["remedy"]
    return found


def test_a_purchase_earns_once_however_often_it_is_sent(client, ana):
    first, again = bought(client, ana), bought(client, ana)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["points"] == 130
    assert again.json() == first.json() | {"repeated": True}
    assert client.get(f"/members/{ana}").json()["available"] == 130


def test_why_is_said_in_the_language_asked_for(client, ana):
    told = bought(client, ana, params={"explain": "es"}).json()["explanation"]

    assert told.startswith("Ganas 130 puntos.\n- Base: 120 puntos.\n- Hola desde la app: 10 puntos.")


def test_another_purchase_under_the_same_id_is_refused(client, ana):
    bought(client, ana)

    refused = bought(client, ana, amount="1.00 EUR")

    assert refused.status_code == 409
    assert problem(refused)["code"] == "idempotency conflict"
    assert problem(refused)["remedy"] == "a new command needs a new key"


def test_what_comes_back_takes_its_points_along(client, ana):
    bought(client, ana)
    back = {"id": f"R-{ana}", "at": NOON.isoformat(), "amount": "20.00 EUR"}

    answer = client.post(f"/purchases/T-1-{ana}/returns", json=back)

    assert (answer.status_code, answer.json()["points"], answer.json()["owed"]) == (201, 20, 0)
    assert client.get(f"/members/{ana}").json()["available"] == 110


def test_nothing_comes_back_twice(client, ana):
    bought(client, ana)
    back = {"at": NOON.isoformat(), "amount": "120.50 EUR"}
    client.post(f"/purchases/T-1-{ana}/returns", json=back | {"id": f"R-1-{ana}"}).raise_for_status()

    refused = client.post(f"/purchases/T-1-{ana}/returns", json=back | {"id": f"R-2-{ana}"})

    assert refused.status_code == 409
    assert problem(refused)["remedy"] == f"return/R-2-{ana} has nothing to give back"
    assert client.get(f"/members/{ana}").json()["available"] == 0


def test_a_return_before_its_purchase_is_told_to_come_again(client, ana):
    answer = client.post("/purchases/T-none/returns", json={"id": f"R-{ana}", "at": NOON.isoformat()})

    assert answer.status_code == 404
    assert problem(answer)["remedy"] == "keep it and retry later"


def test_the_statement_adds_up_and_is_told_in_spanish(client, ana):
    bought(client, ana)

    told = client.get(f"/members/{ana}/statement", params={"language": "es"}).json()

    assert sum(line["change"] for line in told["lines"]) == 130
    assert told["text"].startswith(f"Extracto de {ana}")


def test_too_few_points_are_an_answer_to_a_quote_and_a_problem_for_a_redemption(client, ana):
    bought(client, ana)

    quote = client.get(f"/members/{ana}/quote", params={"reward": "five euros off", "language": "es"}).json()
    refused = client.post(f"/members/{ana}/redemptions", json={"reward": "five euros off"}, headers=keyed(f"k-{ana}"))

    assert (quote["affordable"], quote["missing"]) == (False, 270)
    assert quote["explanation"] == "Cinco euros de descuento cuesta 400 puntos. Tienes 130; faltan 270."
    assert refused.status_code == 409
    assert (problem(refused)["code"], problem(refused)["missing"]) == ("not enough points", 270)


def test_a_reward_is_had_once_under_a_key(client, ana):
    bought(client, ana)

    first, again = (
        client.post(f"/members/{ana}/redemptions", json={"reward": "free coffee"}, headers=keyed(f"k-{ana}"))
        for _ in range(2)
    )

    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["points"], again.json()["left"]) == (120, 10)
    assert client.get(f"/members/{ana}").json()["available"] == 10


def test_a_hold_is_captured_in_part_and_the_rest_goes_back(client, ana):
    bought(client, ana)
    client.post(f"/members/{ana}/holds", json={"points": 100}, headers=keyed(f"h-{ana}")).raise_for_status()
    assert client.get(f"/members/{ana}").json()["held"] == 100

    captured = client.post(f"/holds/h-{ana}/capture", json={"points": 40}, headers=keyed(f"c-{ana}"))
    over = client.post(f"/holds/h-{ana}/release", headers=keyed(f"r-{ana}"))

    assert (captured.json()["points"], captured.json()["released"]) == (40, 60)
    assert (over.status_code, problem(over)["code"]) == (409, "hold over")
    assert client.get(f"/members/{ana}").json()["available"] == 90


def test_a_hold_is_released_whole(client, ana):
    bought(client, ana)
    client.post(f"/members/{ana}/holds", json={"points": 100}, headers=keyed(f"h-{ana}"))

    assert client.post(f"/holds/h-{ana}/release", headers=keyed(f"r-{ana}")).json()["points"] == 100
    assert client.get(f"/members/{ana}").json()["available"] == 130


def test_words_stay_out_of_the_books_and_can_be_erased(client, ana):
    told = {"id": f"F-{ana}", "at": NOON.isoformat(), "score": 9, "words": "el mejor café"}

    assert client.post(f"/members/{ana}/feedback", json=told).json()["points"] == 20
    assert client.delete(f"/members/{ana}/words").status_code == 204
    assert client.get(f"/members/{ana}").json()["available"] == 20


def test_a_promise_is_kept_and_a_missed_payment_protects(client, ana):
    due = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="seconds")
    body = {"code": "call back", "due": due, "amends": 50}
    client.post(f"/members/{ana}/promises", json=body, headers=keyed(f"p-{ana}")).raise_for_status()
    missed = {"payment": f"P-{ana}", "due": "2026-04-05", "amount": "32.00 EUR"}

    kept = client.post(f"/members/{ana}/promises/p-{ana}/kept").json()
    protected = client.post(f"/members/{ana}/missed-payments", json=missed).json()
    paid = client.post(f"/members/{ana}/missed-payments/P-{ana}/received", headers=keyed(f"pp-{ana}")).json()

    assert (kept["state"], protected["protected"], paid["protected"]) == ("kept", True, False)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount": 12.5}, "#/body/amount"),
        ({"amount": "12.5 EUR"}, "#/body/amount"),
        ({"amount": "12.50 USD"}, "#/body/amount"),
        ({"at": "2026-05-04T12:00:00"}, "#/body/at"),
        ({"at": 1_780_000_000}, "#/body/at"),
        ({"id": "a name with spaces"}, "#/body/id"),
        ({"chanel": "app"}, "#/body/chanel"),
        ({"lines": [{"amount": "1.00 EUR", "quantity": True}]}, "#/body/lines/0/quantity"),
    ],
)
def test_what_is_not_as_described_is_told_with_its_place(client, ana, change, pointer):
    answer = client.post(f"/members/{ana}/purchases", json=SALE | change)

    assert answer.status_code == 422
    assert [each["pointer"] for each in problem(answer)["errors"]] == [pointer]


def test_nobody_is_let_in_without_the_token(service, ana):
    for shown in ({}, {"Authorization": "Bearer another"}, {"Authorization": "Basic abc"}):
        answer = httpx.get(f"{service.url}/members/{ana}", headers=shown)

        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert problem(answer)["remedy"] == "send the token of the service as Authorization: Bearer …"


def test_whoever_is_unknown_and_whatever_is_in_the_future_is_refused(client, ana):
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")

    nobody = client.post("/members/nobody/purchases", json=SALE | {"id": f"T-9-{ana}"})
    future = client.post(f"/members/{ana}/purchases", json=SALE | {"id": f"T-8-{ana}", "at": tomorrow})

    assert (nobody.status_code, problem(nobody)["code"]) == (404, "unknown member")
    assert future.status_code == 409
    assert problem(future)["code"] == "out of time"


def test_a_database_that_hangs_up_is_no_refusal_and_the_same_is_sent_again(client, ana, postgres_module_url):
    url = sa.make_url(postgres_module_url)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as other:
        other.execute(
            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            [url.database],
        )

    failed, again = bought(client, ana), bought(client, ana)

    assert (failed.status_code, failed.headers["retry-after"]) == (503, "1")
    assert (problem(failed)["code"], problem(failed)["remedy"]) == (
        "journal",
        "ask again with the same id or key; it is done once",
    )
    assert again.status_code == 201
    assert client.get(f"/members/{ana}").json()["available"] == 130


def test_the_service_says_what_it_serves(client):
    assert client.get("/health").json() == {"program": "Café Aurora", "version": "2026-01"}


def test_the_lines_of_the_readme_work(client):
    page = (HOME / "examples/fastapi_service/README.md").read_text("utf-8")
    for told, at in ((r"'\$\(date -u -d [^)]*\)'", NOON + timedelta(days=2)), (r"'\$\(date[^)]*\)'", NOON)):
        # Instants are made by the shell there, and here by this test.
        page = re.sub(told, at.strftime("%Y-%m-%dT%H:%M:%SZ"), page)
    script = page.split("## Use it")[1].split("```sh\n")[1].split("```")[0]
    lines = [line for line in script.splitlines() if line.startswith("curl")]

    for line in lines:
        words, method, headers, body, path = iter(shlex.split(line)[1:]), "GET", {}, None, ""
        for word in words:
            match word:
                case "-X":
                    method = next(words)
                case "-H":
                    name, _, value = next(words).partition(": ")
                    headers |= {name: value} if value else {}
                case "-d":
                    body = next(words)
                case _:
                    path = word.removeprefix("localhost:8000")

        answer = client.request(method, path, headers=headers | {"Content-Type": "application/json"}, content=body)

        assert answer.is_success, (line, answer.text)
    assert len(lines) == 12
