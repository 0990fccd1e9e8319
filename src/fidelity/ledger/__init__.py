"""The books: accounts as folds of entries, decisions that make the entries, statements that tell them."""

from fidelity.ledger.account import CLOCK_TOLERANCE, Account, as_of, fold
from fidelity.ledger.circumstances import Circumstances, Spent
from fidelity.ledger.decisions import BACKDATING_LIMIT, REINSTATEMENT_WINDOW, Decided
from fidelity.ledger.desk import Derived, Origin
from fidelity.ledger.lots import BooksError, Hold, Lot
from fidelity.ledger.rulebook import MAIN_WALLET, Rulebook, TierTerms, WalletTerms
from fidelity.ledger.spending import HOLD_LIFE
from fidelity.ledger.standing import Standing
from fidelity.ledger.statement import Statement, statement
from fidelity.ledger.wallet import Balance, Totals, Wallet

__all__ = [
    "BACKDATING_LIMIT",
    "CLOCK_TOLERANCE",
    "HOLD_LIFE",
    "MAIN_WALLET",
    "REINSTATEMENT_WINDOW",
    "Account",
    "Balance",
    "BooksError",
    "Circumstances",
    "Decided",
    "Derived",
    "Hold",
    "Lot",
    "Origin",
    "Rulebook",
    "Spent",
    "Standing",
    "Statement",
    "TierTerms",
    "Totals",
    "Wallet",
    "WalletTerms",
    "as_of",
    "fold",
    "statement",
]
