"""The service keeps to its own description: schemathesis finds nothing."""

from __future__ import annotations

import pytest

from tests.examples.needs import needs

needs("fastapi", "uvicorn", "httpx", "pydantic_settings", "schemathesis")

import httpx
import schemathesis
from hypothesis import HealthCheck, settings

from points_service.app import create_app
from points_service.settings import Settings
from tests.examples.service import HEADERS, TOKEN, Service


@pytest.fixture(scope="module")
def service(postgres_module_url):
    made = Service(postgres_module_url)
    made.start()
    made.wait()
    with httpx.Client(base_url=made.url, headers=HEADERS) as client:
        client.put("/members/ana", json={}).raise_for_status()
    yield made
    made.close()


# What it says of itself needs no database.
described = create_app(Settings(database="postgresql+psycopg://nowhere/none", token=TOKEN)).openapi()
schema = schemathesis.openapi.from_dict(described)


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_what_is_asked_is_answered_as_described(case, service):
    case.call_and_validate(base_url=service.url, headers=HEADERS)
