"""Events: what happened at the till. Each has the shop's own id, under which it counts once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from fidelity.ledger.receipts import EarnReceipt, ReturnReceipt
from points_service.answers import Earned, Returned
from points_service.bodies import FeedbackBody, Language, MemberId, PathName, PurchaseBody, ReturnBody
from points_service.desk import AtDesk
from points_service.problems import report

__all__ = ["router"]

router = APIRouter(tags=["events"])

Explain = Annotated[Language | None, Query(description="In which language to say why; not at all unless told")]


@router.post("/members/{member}/purchases", status_code=201, responses={200: {"model": Earned}, **report(404, 409)})
async def purchase(
    member: MemberId, body: PurchaseBody, desk: AtDesk, response: Response, explain: Explain = None
) -> Earned:
    """Record a purchase. Sent again, the first answer comes again; another purchase of this id is refused."""
    receipt = await desk.loyalty.record(body.event(member))
    assert isinstance(receipt, EarnReceipt)  # noqa: S101  (what a purchase gives)
    response.status_code = 200 if receipt.repeated else 201
    return Earned.of(receipt, explain)


@router.post("/purchases/{purchase}/returns", status_code=201, responses={200: {"model": Returned}, **report(404, 409)})
async def give_back(
    purchase: PathName, body: ReturnBody, desk: AtDesk, response: Response, explain: Explain = None
) -> Returned:
    """Record what came back of a purchase."""
    receipt = await desk.loyalty.record(body.event(purchase))
    assert isinstance(receipt, ReturnReceipt)  # noqa: S101  (what a return gives)
    response.status_code = 200 if receipt.repeated else 201
    return Returned.of(receipt, explain)


@router.post("/members/{member}/feedback", status_code=201, responses={200: {"model": Earned}, **report(404, 409)})
async def feedback(
    member: MemberId, body: FeedbackBody, desk: AtDesk, response: Response, explain: Explain = None
) -> Earned:
    """Record that a member told something, and keep what they told where it can be erased."""
    receipt = await desk.loyalty.record(body.event(member))
    assert isinstance(receipt, EarnReceipt)  # noqa: S101  (what feedback gives)
    if body.score is not None or body.words is not None:
        # After the books: what was not recorded is not kept. A retry does both again, and each is done once.
        told = {name: value for name, value in (("score", body.score), ("words", body.words)) if value is not None}
        await desk.members.keep(member, f"feedback/{body.id}", told)
    response.status_code = 200 if receipt.repeated else 201
    return Earned.of(receipt, explain)
