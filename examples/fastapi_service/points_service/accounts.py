"""Members: who they are to the program, what they have, and how it came about."""

from __future__ import annotations

from fastapi import APIRouter, Response

from points_service.answers import Account, Enrolled, Story
from points_service.bodies import EnrollBody, Language, MemberId
from points_service.desk import AtDesk
from points_service.problems import report

__all__ = ["router"]

router = APIRouter(prefix="/members/{member}", tags=["members"])


@router.put("", status_code=201, responses={200: {"model": Enrolled}, **report(409)})
async def enroll(member: MemberId, body: EnrollBody, desk: AtDesk, response: Response) -> Enrolled:
    """Make somebody a member; sent again, the first answer comes again."""
    receipt = await desk.loyalty.enroll(member, customer_since=body.customer_since)
    response.status_code = 200 if receipt.repeated else 201
    return Enrolled.of(receipt)


@router.get("", responses=report(404))
async def account(member: MemberId, desk: AtDesk) -> Account:
    """What a member has, and how they stand."""
    balance, standing = await desk.loyalty.balance(member), await desk.loyalty.status(member)
    return Account.of(member, balance, standing)


@router.get("/statement", responses=report(404))
async def statement(member: MemberId, desk: AtDesk, language: Language = "en") -> Story:
    """The story of the account, line by line."""
    return Story.of(await desk.loyalty.statement(member, language=language))


@router.delete("/words", status_code=204, responses=report())
async def erase(member: MemberId, desk: AtDesk) -> None:
    """Forget what the member told. The books hold no personal data: they stay, and still add up."""
    await desk.loyalty.erase(member)
