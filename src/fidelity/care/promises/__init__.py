"""Promises: what was promised to whom, until when, and what became of it. Principle X4."""

from fidelity.care.promises.deciding import BreakPromise, CancelPromise, KeepPromise, PromiseReceipt, StatePromise
from fidelity.care.promises.own import stock_promises
from fidelity.care.promises.policy import PromisePolicy
from fidelity.care.promises.report import KeepingRate, PromiseReport, promise_report
from fidelity.care.promises.state import Promise, Promises, PromiseState

__all__ = [
    "BreakPromise", "CancelPromise", "KeepPromise", "KeepingRate", "Promise", "PromisePolicy", "PromiseReceipt",
    "PromiseReport", "PromiseState", "Promises", "StatePromise", "promise_report", "stock_promises",
]  # fmt: skip
