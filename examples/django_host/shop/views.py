"""Views: orders that earn, and what a member has."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import fidelity as fd
from fidelity.errors import JournalError, Refused
from shop.desk import loyalty, pay, take_back
from shop.models import Order

__all__ = ["member", "orders", "returns", "statement"]

P = ParamSpec("P")


def _answering(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """*view* with the library's errors as answers: what is wrong, its code, and what to do."""

    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (fd.FidelityError, ValidationError, json.JSONDecodeError) as error:
            told = {"code": getattr(error, "code", "request"), "detail": str(error)}
            return JsonResponse(told, status=_status(error))

    return answered


def _status(error: Exception) -> int:
    match error:
        case JournalError():
            return 503  # ask again, with the same number: it is done once
        case Refused():
            return 404 if isinstance(error, LookupError) else 409
    return 422


def _told(request: HttpRequest, *names: str) -> dict[str, str]:
    """The texts that the body of *request* tells under *names*; empty where it does not."""
    told = json.loads(request.body)
    if not isinstance(told, dict) or not all(isinstance(told.get(name, ""), str) for name in names):
        message = f"the body is an object of texts: {', '.join(names)}"
        raise ValidationError(message)
    return {name: told.get(name, "") for name in names}


@csrf_exempt
@require_http_methods(["GET", "PUT"])
@_answering
def member(request: HttpRequest, member: str) -> HttpResponse:
    """What a member has; PUT makes somebody a member."""
    if request.method == "PUT":
        loyalty().enroll(member)
    balance, standing = loyalty().balance(member), loyalty().status(member)
    told = {"available": balance.available, "held": balance.held, "tier": standing.tier if standing else None}
    return JsonResponse({"member": member, **told})


@require_GET
@_answering
def statement(request: HttpRequest, member: str) -> HttpResponse:
    """The story of the account as a page, in the language asked for: ``?language=es``."""
    told = loyalty().statement(member, language=request.GET.get("language", "en"))
    return HttpResponse(f"<!doctype html><meta charset=utf-8>{told._repr_html_()}")


@csrf_exempt
@require_POST
@_answering
def orders(request: HttpRequest) -> HttpResponse:
    """Pay an order: ``{"number": "O-1", "member": "ana", "amount": "12.50 EUR"}``. Sent again, it is done once."""
    told = _told(request, "number", "member", "amount", "channel")
    amount = fd.money(told["amount"])
    order = Order(
        number=told["number"],
        member=told["member"],
        currency=amount.currency,
        cents=amount.minor,
        channel=told["channel"],
        paid_at=timezone.now(),
    )
    order.clean_fields()
    try:
        points = pay(order)
    except IntegrityError:
        known = get_object_or_404(Order, pk=order.number)
        if any(getattr(known, name) != getattr(order, name) for name in ("member", "currency", "cents", "channel")):
            return JsonResponse({"code": "order", "detail": f"{known} was paid before, otherwise"}, status=409)
        return JsonResponse({"number": known.number, "repeated": True})
    return JsonResponse({"number": order.number, "points": points}, status=201)


@csrf_exempt
@require_POST
@_answering
def returns(request: HttpRequest, number: str) -> HttpResponse:
    """Take goods back: ``{"slip": "R-1", "amount": "4.00 EUR"}``."""
    told = _told(request, "slip", "amount")
    order = get_object_or_404(Order, pk=number)
    points = take_back(order, fd.money(told["amount"]).minor, told["slip"])
    return JsonResponse({"number": number, "points": points}, status=201)
