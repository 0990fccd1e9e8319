"""Rewards: what points buy, and points that are set aside while an order is paid."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from points_service.answers import Captured, Held, Quoted, Redeemed, Released
from points_service.bodies import CaptureBody, HoldBody, Key, Language, MemberId, PathName, RedeemBody, Word
from points_service.desk import AtDesk
from points_service.problems import report

__all__ = ["router"]

router = APIRouter(tags=["rewards"])


@router.get("/members/{member}/quote", responses=report(404))
async def quote(
    member: MemberId,
    reward: Annotated[Word, Query(examples=["free coffee"])],
    desk: AtDesk,
    language: Language = "en",
) -> Quoted:
    """What it would take for the member to have a reward now."""
    return Quoted.of(await desk.loyalty.quote(member, reward), language)


@router.post("/members/{member}/redemptions", status_code=201, responses={200: {"model": Redeemed}, **report(404, 409)})
async def redeem(member: MemberId, body: RedeemBody, key: Key, desk: AtDesk, response: Response) -> Redeemed:
    """Spend points on a reward."""
    receipt = await desk.loyalty.redeem(member, body.reward, key=key)
    response.status_code = 200 if receipt.repeated else 201
    return Redeemed.of(receipt)


@router.post("/members/{member}/holds", status_code=201, responses={200: {"model": Held}, **report(404, 409)})
async def hold(member: MemberId, body: HoldBody, key: Key, desk: AtDesk, response: Response) -> Held:
    """Set points aside; the key is the name of the hold."""
    receipt = await desk.loyalty.hold(member, points=body.points, key=key)
    response.status_code = 200 if receipt.repeated else 201
    return Held.of(receipt)


@router.post("/holds/{hold}/capture", responses=report(404, 409))
async def capture(hold: PathName, body: CaptureBody, key: Key, desk: AtDesk) -> Captured:
    """Spend what was set aside, or a part of it."""
    return Captured.of(await desk.loyalty.capture(f"hold/{hold}", points=body.points, key=key))


@router.post("/holds/{hold}/release", responses=report(404, 409))
async def release(hold: PathName, key: Key, desk: AtDesk) -> Released:
    """Give back what was set aside."""
    return Released.of(await desk.loyalty.release(f"hold/{hold}", key=key))
