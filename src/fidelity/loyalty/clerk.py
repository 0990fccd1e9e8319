"""The clerk: decides one command on the accounts at hand, with the program. Pure: entries and a receipt come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from fidelity.commands import (
    Capture,
    Close,
    Command,
    Enroll,
    Hold,
    JoinHousehold,
    LeaveHousehold,
    Merge,
    Record,
    Redeem,
    Release,
    Rerate,
    Transfer,
    Undo,
    Use,
)
from fidelity.commands_of_all import Refer, WithholdReferral
from fidelity.entries import Entry, MemberJoined, MemberLeft
from fidelity.errors import NotNow, ValueRefused
from fidelity.events import Confirmation, FieldValue, Return
from fidelity.ledger import MAIN_WALLET, Account, decisions, fold
from fidelity.ledger.admission import open_for
from fidelity.ledger.clocks import close
from fidelity.ledger.households import join_household, leave_household, redeem_pooled
from fidelity.ledger.moving import adopt, merge, transfer
from fidelity.ledger.receipts import EarnReceipt, Receipt
from fidelity.ledger.rerating import rerate
from fidelity.ledger.undoing import undo, undo_elsewhere, undo_pooled
from fidelity.ledger.using import restore
from fidelity.loyalty.administering import administered
from fidelity.loyalty.desks import Desks
from fidelity.loyalty.households import Household
from fidelity.loyalty.identity import Asked
from fidelity.loyalty.keys import signed
from fidelity.loyalty.notice import offer
from fidelity.loyalty.pinned import clawbacks
from fidelity.loyalty.quotes import ONE, Quote, quote
from fidelity.loyalty.recorder import Done, Recorder
from fidelity.loyalty.referring import Referring
from fidelity.loyalty.shared import Shared
from fidelity.loyalty.vouching import Vouching, without_vouchers
from fidelity.rules.earning.claims import claims_taken
from fidelity.rules.program import Program
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.pricing import Wish
from fidelity.rules.rewards.reward import Reward
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.proofs.monitoring import Monitor

__all__ = ["Clerk", "Done", "Opened"]


class Opened(Protocol):
    """The accounts at hand while a command is decided."""

    def account(self, member: str) -> Account:
        """The account of *member*."""

    def household(self, name: str) -> Household:
        """The household *name*."""

    def entries(self, member: str) -> tuple[Entry, ...]:
        """All entries of the points stream of *member*."""

    def meant(self, key: str) -> str:
        """Which event the command *key* gives back; empty if it is the one that it names."""

    @property
    def shared(self) -> Shared:
        """What all members share, as far as it was opened."""

    def gave(self, key: str) -> tuple[str, ...]:
        """Who had given together what the command *key* is to undo; nobody if one had given alone."""


class Clerk(Vouching, Recorder):
    """Decides commands under a program."""

    def __init__(self, program: Program, beside: tuple[Program, ...] = (), monitor: Monitor | None = None) -> None:
        super().__init__(program, beside, monitor)
        self.referring = Referring(program)
        #: Those who decide under the versions side by side, of which this is one.
        self.desks = Desks((self,))

    def holding(self, at: datetime) -> Recorder:
        """Who decides what the books find by themselves at *at*: the version that held then."""
        return super().holding(at) if self.desks.alone else self.desks.at(at)

    def decide(self, books: Opened, member: str, asked: Asked) -> tuple[Done, ...]:
        """
        What *asked* comes to, after the anniversaries that are due before it.

        Args:
            books: The accounts that it is about, each of them open.
            member: Whose it is.
            asked: The command.

        Raises:
            Refused: If the books refuse it, or the program says not now.
        """
        command, account = asked.command, books.account(member)
        if isinstance(command, Enroll):
            since, fields = command.customer_since, command.fields
            self.admit(fields, command.birth_month)
            brought = command.referred_by
            enrolled, welcome = decisions.enroll(
                account, now=asked.now, customer_since=since, fields=fields, birth_month=command.birth_month,
                referred_by=brought,
            )  # fmt: skip
            posts = self.referring.accepted(books.shared, command, welcome.at) if brought else ()
            welcome = welcome.told_by(self.teller(None, welcome))
            return (Done(asked, welcome, ((member, account.post(*enrolled), enrolled),), shared=posts),)
        if isinstance(command, _SEVERAL) or (isinstance(command, Redeem) and command.pooled):
            return self._among(books, member, asked)
        if account.merged_into and isinstance(command, Record) and isinstance(command.event, Return | Confirmation):
            return self._take_back_elsewhere(books, account, asked)
        if isinstance(command, Refer):
            return (self.referring.invited(account, command, asked),)
        before = self.due(account, decisions.learned(account, asked.now))
        if before:
            account = before[-1].account
        entries, receipt = self._decided(account, asked, books)
        if not isinstance(receipt, EarnReceipt):
            entries = signed(entries, command)
            receipt = receipt.with_words(self.teller(None, receipt))
        sharing = self.sharing if self.desks.alone else self.desks.sharing(self, command)
        posts = sharing.posts(books.shared, member, asked, receipt, entries) if sharing.any else ()
        done = Done(asked, receipt, ((member, account.post(*entries), entries),), shared=posts)
        if self.referring.any and isinstance(receipt, EarnReceipt):
            return (*before, done, *self.referring.counted(self, books, done))
        return (*before, done) if before else (done,)

    def _decided(self, account: Account, asked: Asked, books: Opened) -> tuple[tuple[Entry, ...], Receipt]:
        command, now = asked.command, asked.now
        if isinstance(command, Record):
            if isinstance(command.event, Return):
                return self.take_back(account, command.event, asked, books.meant(asked.key))
            if isinstance(command.event, Confirmation):
                return self.confirm(account, command.event, asked, books.meant(asked.key))
            then = self.desks.holding(command.event)
            known = then.sharing.counters(books.shared, command.event) if then.sharing.campaigns else {}
            if then is not self:
                # It happened under an earlier version, whose books tell what that one would have known.
                account = fold(then.books, account.member, books.entries(account.member))
                return then.record(account, command.event, asked.payload["event"], now, known, claimed=command.claim)
            if command.claim:
                claims_taken(self.program, command.event, joined=open_for(account).at, now=now)
            return self.record(account, command.event, asked.payload["event"], now, known, claimed=command.claim)
        if isinstance(command, Redeem):
            cost, terms = self._cost(account, command, now)
            redeemed = decisions.redeem(account, key=command.key, now=now, purchase=command.purchase, **cost)
            return self.vouched(account, *redeemed, terms, command.quantity)
        if isinstance(command, Hold):
            return self._hold(account, command, now)
        return self._of_holds(account, command, now)

    def _of_holds(self, account: Account, command: Command, now: datetime) -> tuple[tuple[Entry, ...], Receipt]:
        if isinstance(command, Capture):
            entries, captured = decisions.capture(account, command.hold, now=now, points=command.points)
            held = account.hold(command.hold)
            assert held is not None  # noqa: S101  (it was captured)
            # What was promised when it was set aside; what was before holds knew of vouchers has the present terms.
            program = self.versions.pinned(held.program, held.digest) if held.program else self.program
            return self.vouched(account, entries, captured, program, held.quantity)
        if isinstance(command, Use):
            return self.use(account, command, now)
        if isinstance(command, Release):
            return decisions.release(account, command.hold, now=now)
        return administered(account, command, now)

    def decide_for_all(self, shared: Shared, asked: Asked) -> Done:
        """What *asked*, which is about nobody's books, comes to."""
        deciding = self.referring if isinstance(asked.command, WithholdReferral) else self.sharing
        posts, receipt = deciding.decided(shared, asked.command, asked.now)
        return Done(asked, receipt.with_words(self.teller(None, receipt)), (), shared=posts)

    # Several accounts

    def _among(self, books: Opened, member: str, asked: Asked) -> tuple[Done, ...]:
        """What a command on several accounts comes to, after the anniversaries that are due in each."""
        names = {member: None, **dict.fromkeys(filter(None, (asked.other, *_sharing(books, member, asked))))}
        before: list[Done] = []
        accounts: dict[str, Account] = {}
        for name in names:
            account = books.account(name)
            # Nobody's books go on when a command that is refused for them is asked of others.
            due = self.due(account, decisions.learned(account, asked.now)) if account.enrolled else ()
            before += due
            accounts[name] = due[-1].account if due else account
        entries, receipt = self._moved(books, accounts, member, asked)
        entries = {name: signed(each, asked.command) for name, each in entries.items()}
        posted = tuple((name, accounts[name].post(*each), each) for name, each in entries.items())
        receipt = receipt.with_words(self.teller(None, receipt))
        moves = tuple(move for name, account, _ in posted for move in _moves(accounts[name], account, receipt.at))
        posts = self.sharing.posts(books.shared, member, asked, receipt, ()) if self.sharing.any else ()
        return (*before, Done(asked, receipt, posted, moves, posts))

    def _moved(
        self, books: Opened, accounts: Mapping[str, Account], member: str, asked: Asked
    ) -> tuple[Mapping[str, tuple[Entry, ...]], Receipt]:
        command, now, account = asked.command, asked.now, accounts[member]
        entries: tuple[Entry, ...]
        receipt: Receipt
        match command:
            case Transfer(to=to, points=points, wallet=wallet, key=key):
                return transfer(account, accounts[to], points=points, wallet=wallet, key=key, now=now)
            case Merge(into=into, key=key):
                return merge(account, accounts[into], key=key, now=now)
            case Redeem(key=key):
                _alone(command)
                cost, terms = self._cost(account, command, now, accounts)
                found, redeemed = redeem_pooled(accounts, member, key=key, now=now, **cost)
                mine, receipt = self.vouched(account, found.get(member, ()), redeemed, terms, command.quantity)
                return (found if mine == found.get(member, ()) else {**found, member: mine}), receipt
            case Undo():
                return _undone(books, accounts, account, asked)
            case JoinHousehold(household=household):
                entries, receipt = join_household(account, household, now=now)
            case LeaveHousehold():
                entries, receipt = leave_household(account, now=now)
            case Close(reason=reason):
                entries, receipt = close(account, reason=reason, now=now)
            case _:
                assert isinstance(command, Rerate)  # noqa: S101  (the last of them)
                known, again = books.entries(member), self.again(account, command.event)
                policies = clawbacks(self.versions, account.origin(command.event))
                entries, receipt = rerate(
                    account, known, command.event, again, key=command.key, now=now, policies=policies
                )
        return {member: entries}, receipt

    def _take_back_elsewhere(self, books: Opened, old: Account, asked: Asked) -> tuple[Done, ...]:
        """What a return or a confirmation comes to whose purchase stands in books that others took over since."""
        command, account = asked.command, old
        assert isinstance(command, Record)  # noqa: S101  (it goes back)
        assert isinstance(command.event, Return | Confirmation)  # noqa: S101
        between: list[Account] = []
        while account.merged_into:
            account = books.account(account.merged_into)
            between.append(account)
        before = self.due(account, decisions.learned(account, asked.now))
        if before:
            account = before[-1].account
        origin = books.meant(asked.key) or f"purchase/{command.event.purchase}"
        if isinstance(command.event, Confirmation):
            entries, receipt = self.confirm(account, command.event, asked, origin, old)
        else:
            adopted = adopt(old, account, origin, asked.now, through=between[:-1])
            entries, receipt = self.take_back(account, command.event, asked, origin, adopted)
        receipt = receipt.with_words(self.teller(None, receipt))
        return (*before, Done(asked, receipt, ((account.member, account.post(*entries), entries),)))

    # Rewards

    def quote(  # noqa: PLR0917  (what is asked, of whom and when)
        self,
        account: Account,
        reward: str,
        at: datetime,
        fields: Mapping[str, FieldValue],
        household: Mapping[str, Account] | None = None,
        wish: Wish = ONE,
    ) -> Quote:
        """What it would take to redeem *reward* at *at*; together with the *household*, if it would give too."""
        terms = offer(self.versions, self.program, account, reward, at, household=household, points=wish.points)
        return quote(account, terms, at, fields, household=household, wish=wish)

    def _cost(
        self, account: Account, command: Redeem | Hold, now: datetime, household: Mapping[str, Account] | None = None
    ) -> tuple[dict[str, Any], Program]:
        """What *command* takes, and of which points; and the version whose terms these are."""
        at, name, fields = decisions.learned(account, now), command.reward, command.fields
        terms = offer(self.versions, self.program, account, name, at, household=household, points=command.points)
        reward, counts = terms.reward, _NOTHING
        if isinstance(reward, Reward) and not (fields or terms.filtered or _several(command) or not terms.plain):
            points, worth = reward.least, "" if reward.worth is None else str(reward.worth)
        else:
            wish = Wish(points=command.points, quantity=command.quantity)
            told = quote(account, terms, at, fields, household=household, wish=wish)
            if told.reasons:
                raise NotNow(told.explain(), reward=name, reasons=told.reasons, quote=told)
            points, worth, counts = told.cost, told.worth, told.counts
            terms, reward = told.terms, told.terms.reward
        cost = {
            "reward": name,
            "points": points,
            "wallet": reward.wallet,
            "worth": worth,
            "wait": reward.wait,
            "earned_before": terms.earned_before,
            "counts": counts,
        }
        return cost, terms.program

    def _hold(self, account: Account, command: Hold, now: datetime) -> tuple[tuple[Entry, ...], Receipt]:
        pays = isinstance(self.program.rewards_by_name.get(command.reward), Payment)
        if not pays and (command.points is None) == (not command.reward):
            message = "a hold is for a number of points or for a reward; tell one of them"
            raise ValueRefused(message, value=command)
        if command.reward:
            cost, terms = self._cost(account, command, now)
            reward = terms.rewards_by_name.get(command.reward)
            if reward is not None and reward.voucher is not None:
                cost |= {"program": terms.version, "digest": terms.digest, "quantity": command.quantity}
        else:
            wallet = command.wallet or MAIN_WALLET
            if wallet not in self.books.wallets:
                message = f"the program has no wallet {wallet!r}; {suggest(wallet, self.books.wallets)}"
                raise ValueRefused(message.rstrip("; "), value=wallet)
            cost = {"points": command.points, "wallet": wallet}
        purchase, until = command.purchase, command.until
        return decisions.hold(account, key=command.key, now=now, until=until, purchase=purchase, **cost)


def _undone(
    books: Opened, accounts: Mapping[str, Account], account: Account, asked: Asked
) -> tuple[Mapping[str, tuple[Entry, ...]], Receipt]:
    """What taking back a redemption, a capture or the use of a voucher comes to."""
    command, now = asked.command, asked.now
    assert isinstance(command, Undo)  # noqa: S101  (the caller saw to it)
    name, key, part = command.redemption, command.key, command.points
    heir = accounts[_heir(books, account).member]
    if name.startswith("use/"):
        entries, receipt = restore(heir, name, now=now)
        return {heir.member: entries}, receipt
    if gave := books.gave(asked.key):
        heirs = {who: accounts[_heir(books, accounts[who]).member] for who in gave if accounts[who].merged_into}
        found = undo_pooled(accounts, account.member, name, key=key, now=now, points=part, heirs=heirs)
        return without_vouchers(accounts, *found)
    if account.merged_into:
        elsewhere = undo_elsewhere(account, heir, name, key=key, now=now, points=part)
        return without_vouchers(accounts, *elsewhere)
    undone, told = undo(account, name, key=key, now=now, points=part)
    return without_vouchers(accounts, {account.member: undone}, told)


_NOTHING: Mapping[str, int] = {}


def _alone(command: Redeem) -> None:
    if command.purchase:
        message = "what a household spends together is not given back by share; leave purchase= out, or pooled="
        raise ValueRefused(message, value=command.purchase)


def _several(command: Redeem | Hold) -> bool:
    """Whether *command* says how much of its reward it asks for."""
    return command.points is not None or command.quantity != 1


#: Commands on several accounts, or on all that one of them remembers.
_SEVERAL = (Close, JoinHousehold, LeaveHousehold, Merge, Rerate, Transfer, Undo)


def _sharing(books: Opened, member: str, asked: Asked) -> tuple[str, ...]:
    """Who else gives, or gets back: the household that spends together, who gave when that is undone, or their heir."""
    if isinstance(asked.command, Redeem):
        household = books.account(member).household
        return books.household(household).members if household else ()
    if not isinstance(asked.command, Undo):
        return ()
    gave = books.gave(asked.key)
    heirs = (_heir(books, books.account(who)).member for who in (member, *gave))
    return (*gave, *heirs)


def _heir(books: Opened, account: Account) -> Account:
    """Who answers for *account*: the one that took it over, or took that one over."""
    while account.merged_into:
        account = books.account(account.merged_into)
    return account


def _home(account: Account) -> str:
    """The household that the owner of *account* is in; who left for good is in none."""
    return "" if account.closed_at else account.household


def _moves(before: Account, after: Account, at: datetime) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """What is to stand in the streams of the households that the owner of an account left and joined."""
    left, joined = _home(before), _home(after)
    if left == joined:
        return
    if left:
        yield left, (MemberLeft(at=at, now=at, member=after.member),)
    if joined:
        yield joined, (MemberJoined(at=at, now=at, member=after.member),)
