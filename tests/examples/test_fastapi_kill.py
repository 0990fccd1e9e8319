"""The service is killed while clients record purchases, and they send them again: nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from tests.examples.needs import needs

needs("fastapi", "uvicorn", "httpx", "pydantic_settings")

import httpx

import fidelity as fd
from tests.examples.service import HEADERS, HOME, Service

MEMBERS, CLIENTS, SALES, KILLS = 5, 8, 400, 4


class Shop:
    """Clients that send each sale until it is answered, with what they were told."""

    def __init__(self, url):
        self._url = url
        self._turns = random.Random(7)  # noqa: S311  (a seeded blow is no secret)
        # A minute ago, so that no clock is ahead of the service's.
        at = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        self.sales = [{"id": f"T-{n}", "amount": f"{1 + n % 50}.00 EUR", "at": at} for n in range(SALES)]
        self.answers = {}
        self.failed = Counter()

    async def sell(self, client, numbers):
        for n in numbers:
            while n not in self.answers:
                try:
                    answer = await client.post(f"/members/m-{n % MEMBERS}/purchases", json=self.sales[n])
                except httpx.TransportError as error:
                    self.failed[type(error).__name__] += 1
                    await asyncio.sleep(0.02)
                    continue
                # Whatever it was, it was no refusal: the same id may be sent again, for ever.
                assert answer.status_code in (200, 201, 503), answer.text
                if answer.is_success:
                    self.answers[n] = answer.json()

    async def open(self, service):
        limits = httpx.Limits(max_connections=CLIENTS)
        async with httpx.AsyncClient(base_url=self._url, headers=HEADERS, timeout=60, limits=limits) as client:
            for member in range(MEMBERS):
                (await client.put(f"/members/m-{member}", json={})).raise_for_status()
            work = [asyncio.create_task(self.sell(client, range(n, SALES, CLIENTS))) for n in range(CLIENTS)]
            for blow in range(1, KILLS + 1):
                while len(self.answers) < blow * SALES // (KILLS + 1):  # noqa: ASYNC110  (what comes next is a blow)
                    await asyncio.sleep(0.002)
                await asyncio.sleep(self._turns.uniform(0, 0.02))
                service.kill()
                service.start()
            await asyncio.gather(*work)


def test_who_sends_a_purchase_again_after_a_kill_has_it_once(postgres_module_url):
    service = Service(postgres_module_url)
    try:
        service.start()
        service.wait()
        shop = Shop(service.url)
        asyncio.run(shop.open(service))
    finally:
        service.close()

    journal = fd.SqlJournal(postgres_module_url)
    entries = [line.entry for line in journal.read(limit=100_000)]
    books = fd.Loyalty(fd.load(HOME / "examples/fastapi_service/program.toml"), journal)
    recorded = Counter(each.event_id for each in entries if each.kind == "event")
    repeated = sum(each["repeated"] for each in shop.answers.values())
    told = Counter()
    for n, answer in shop.answers.items():
        told[f"m-{n % MEMBERS}"] += answer["points"]
    available = {member: books.balance(member).available for member in told}
    print(f"{KILLS} kills, {dict(shop.failed)}, {repeated} answers came on the second try")  # noqa: T201
    assert sum(shop.failed.values()) >= KILLS
    assert recorded == Counter(sale["id"] for sale in shop.sales)
    assert available == told
    assert books.verify().sound
    journal.close()
