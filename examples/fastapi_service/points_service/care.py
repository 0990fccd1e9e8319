"""Care: what members were promised, and what protects them when they fall behind."""

from __future__ import annotations

from fastapi import APIRouter, Response

from points_service.answers import Promised, Protected
from points_service.bodies import Key, MemberId, MissedPaymentBody, PathName, PromiseBody
from points_service.desk import AtDesk
from points_service.problems import report

__all__ = ["router"]

router = APIRouter(prefix="/members/{member}", tags=["care"])


@router.post("/promises", status_code=201, responses={200: {"model": Promised}, **report(404, 409)})
async def promise(member: MemberId, body: PromiseBody, key: Key, desk: AtDesk, response: Response) -> Promised:
    """Take note of a promise; the key is its name. If it is broken, its amends come by themselves."""
    receipt = await desk.care.promise(member, body.code, due=body.due, amends=body.amends, key=key)
    response.status_code = 200 if receipt.repeated else 201
    return Promised.of(receipt)


@router.post("/promises/{promise}/kept", responses=report(404, 409))
async def kept(member: MemberId, promise: PathName, desk: AtDesk) -> Promised:
    """Take note that a promise was kept."""
    return Promised.of(await desk.care.keep_promise(member, promise))


@router.post("/missed-payments", status_code=201, responses={200: {"model": Protected}, **report(404, 409)})
async def missed_payment(member: MemberId, body: MissedPaymentBody, desk: AtDesk, response: Response) -> Protected:
    """Take note of a payment that did not come: from now on nothing of the member's expires or is taken back."""
    receipt = await desk.care.payment_missed(member, payment=body.payment, due=body.due, amount=body.amount)
    response.status_code = 200 if receipt.repeated else 201
    return Protected.of(receipt)


@router.post("/missed-payments/{payment}/received", responses=report(404, 409))
async def payment_received(member: MemberId, payment: PathName, key: Key, desk: AtDesk) -> Protected:
    """Take note that all of it came: clocks go on where they stood."""
    return Protected.of(await desk.care.payment_received(member, payment, key=key))
