"""Laws of the books of several members, for any sequence of all commands, against books in which every point is one."""

from datetime import timedelta

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from fidelity.errors import (
    AccountClosed,
    AccountFrozen,
    EventError,
    HoldOver,
    HoldsStand,
    InHousehold,
    NotEnoughPoints,
    NotFrozen,
    NothingOwed,
    NothingToExtend,
    NothingToReinstate,
    NothingToUndo,
    NotInHousehold,
    NotTransferable,
    UnknownHold,
    UnknownOrigin,
    UnknownProtection,
    UnknownRedemption,
)
from fidelity.ledger import Account, BooksError, as_of, decisions, fold, statement
from tests.ledger.books import book, decided, enrolled, instant, wallet
from tests.ledger.naive import NaiveBooks, days_later

START = instant("2026-03-20 12:00")  # the clocks change on 29 March
WALLETS = ("points", "stamps", "coins")
MEMBERS = ("ana", "bea", "cas")
BOOK = book(
    wallet("points", life="5 days"),
    wallet("stamps", life="2 days", pending="1 day", transfers="reset expiry"),
    wallet("coins", life="never", transfers="not at all"),
    counters={"measure.score": "in any 3 days", "limit.app": "day"},
)

hours = st.sampled_from((0, 0, 0, 1, 2, 5, 9, 17, 30))
few = st.integers(1, 6)
some_wallet = st.sampled_from(("points", "points", "points", "points", "stamps", "coins"))
who = st.sampled_from(("ana", "ana", "bea", "bea", "cas"))
which = st.integers(0, 9)  # one of the things so far
part = st.none() | few

earning = st.tuples(
    st.just("earn"), hours, who, st.dictionaries(some_wallet, st.integers(1, 20), max_size=3), st.integers(0, 150)
)
usual = st.one_of(
    st.tuples(st.just("redeem"), hours, who, some_wallet, few),
    st.tuples(st.just("hold"), hours, who, some_wallet, few, st.integers(1, 200)),
    st.tuples(st.just("capture"), hours, which, few),
    st.tuples(st.just("release"), hours, which),
    st.tuples(st.just("return"), hours, which, st.integers(0, 10)),
)
asked = st.one_of(
    st.tuples(st.just("undo"), hours, which, part),
    st.tuples(st.just("undo"), hours, which, part),
    st.tuples(st.just("transfer"), hours, who, who, some_wallet, few),
    st.tuples(st.just("transfer"), hours, who, who, some_wallet, few),
    st.tuples(st.just("extend"), hours, who, some_wallet, st.integers(24, 240)),
    st.tuples(st.just("reinstate"), hours, who, some_wallet, part, st.integers(1, 100)),
    st.tuples(st.just("goodwill"), hours, who, some_wallet, few),
    st.tuples(st.just("forgive"), hours, who, some_wallet, part),
    st.tuples(st.just("pause"), hours, who),
    st.tuples(st.just("pause"), hours, who),
    st.tuples(st.just("protection"), hours, who, st.booleans()),
    st.tuples(st.just("protection"), hours, who, st.booleans()),
    st.tuples(st.just("household"), hours, who),
    st.tuples(st.just("pooled"), hours, who, some_wallet, st.integers(1, 15)),
    st.tuples(st.just("pooled"), hours, who, some_wallet, st.integers(1, 15)),
)
last = st.one_of(
    st.tuples(st.just("merge"), hours, who, who),
    st.tuples(st.just("close"), hours, who),
)
# Most commands are fitted to what is possible just then (`Shop.fitted`); one in eight is told as it came.
bold = st.sampled_from((False,) * 7 + (True,))


def some(kinds, *, most, least=0):
    return st.lists(st.tuples(bold, kinds), min_size=least, max_size=most)


commands = st.builds(
    lambda first, rest, end, more: [*first, *rest, *end, *more],
    some(earning, most=4, least=1),
    some(earning | usual | usual | asked | asked, most=20, least=1),
    some(last, most=1),
    some(earning | usual | asked, most=8),
)


class Member:
    def __init__(self, name):
        self.entries = [enrolled(START, member=name)]
        self.account = Account.open(BOOK, name).post(*self.entries)
        self.model = NaiveBooks()

    def post(self, entries):
        self.account = self.account.post(*entries)
        self.entries += entries


class Shop:
    """Gives the same commands to the books and to the model; every entry accepted is kept."""

    def __init__(self):
        self.now = START
        self.members = {name: Member(name) for name in MEMBERS}
        self.known, self.gone, self.held, self.spent = [], set(), [], []
        # Of what a household spent together: whose point was consumed when.
        self.order = {}
        self.asked = self.accepted = 0

    @property
    def accounts(self):
        return {name: each.account for name, each in self.members.items()}

    def tell(self, number, as_it_came, command):
        kind, wait, *details = command
        self.now += timedelta(hours=wait)
        for each in self.members.values():
            each.model.advance(self.now)
        if not as_it_came:
            kind, details = self.fitted(kind, details)
        self.asked += 1
        before = self.accounts
        getattr(self, f"tell_{kind}")(number, *details)
        if any(each is not before[name] for name, each in self.accounts.items()):
            self.accepted += 1

    def fitted(self, kind, details):
        """The command nearest to this one that is possible now, if one is."""
        return getattr(self, f"fitted_{kind}", lambda *same: (kind, same))(*details)

    def with_points(self, wallets=WALLETS):
        """Whose points of which wallets may be spent."""
        return [
            (name, each)
            for name, member in self.members.items()
            for each in wallets
            if not member.model.frozen and not member.model.closed and member.model.spendable(each)
        ]

    def payer(self, name, each, count, wallets=WALLETS):
        able = self.with_points(wallets)
        if able and (name, each) not in able:
            name, each = able[count % len(able)]
        return name, each, max(1, min(count, len(self.members[name].model.spendable(each))))

    def more(self, count):
        """Points for somebody, where nobody has any."""
        able = [name for name in MEMBERS if not self.members[name].model.closed] or ["ana"]
        return "earn", (able[count % len(able)], {"points": 12, "stamps": 2, "coins": 3}, 10)

    def fitted_redeem(self, name, each, count):
        return ("redeem", self.payer(name, each, count)) if self.with_points() else self.more(count)

    def fitted_hold(self, name, each, count, lasts):
        return ("hold", (*self.payer(name, each, count), lasts)) if self.with_points() else self.more(count)

    def fitted_pause(self, name):
        frozen = [each for each in MEMBERS if self.members[each].model.frozen]
        return "pause", (frozen[0] if frozen else name,)

    def fitted_protection(self, name, begins):
        protected = [each for each in MEMBERS if self.members[each].model.protected]
        if len(protected) > 1 or (protected and not begins):
            return "protection", (protected[0], False)
        return "protection", (name, True)

    def fitted_transfer(self, name, to, each, count):
        if not self.with_points(("points", "stamps")):
            return self.more(count)
        name, each, count = self.payer(name, each, count, ("points", "stamps"))
        others = [other for other in MEMBERS if other != name and not self.members[other].model.closed]
        return "transfer", (name, to if to in others or not others else others[0], each, count)

    def standing(self):
        return [place for place, (name, hold) in enumerate(self.held) if hold in self.members[name].model.holds]

    def fitted_capture(self, chosen, count):
        stands = self.standing()
        return (
            ("capture", (stands[chosen % len(stands)], count)) if stands else self.fitted_hold("ana", "points", 3, 50)
        )

    def fitted_release(self, chosen):
        stands = self.standing()
        return ("release", (stands[chosen % len(stands)],)) if stands else self.fitted_hold("bea", "points", 4, 90)

    def fitted_return(self, chosen, remaining):
        left = [place or len(self.known) for place, (_, key) in enumerate(self.known) if key not in self.gone]
        spent = [place for place in left if self.spent_of(self.known[place % len(self.known)][1])]
        found = spent or left
        return "return", (found[chosen % len(found)] if found else chosen, remaining if chosen % 2 else 0)

    def spent_of(self, origin):
        """Whether points of it were spent, so that a return makes a debt."""
        points = [point for each in self.members.values() for point in each.model.points]
        return any(point.lot.origin == origin and point.place == "redeemed" for point in points)

    def left_of(self, names, redemption):
        models = [self.members[each].model for each in names]
        return 0 if any(each.closed for each in models) else sum(len(each.spent.get(redemption, ())) for each in models)

    def fitted_undo(self, chosen, count):
        left = [place for place, (names, name, _) in enumerate(self.spent) if self.left_of(names, name)]
        if not left:
            return self.fitted_redeem("ana", "points", 5)
        place = left[-1 - chosen % len(left)]
        names, redemption, _ = self.spent[place]
        return "undo", (place, count and min(count, self.left_of(names, redemption)))

    def fitted_extend(self, name, each, hours):
        until = self.now + timedelta(hours=hours)
        short = [
            (other, wallet)
            for other, member in self.members.items()
            for wallet in WALLETS
            if any(lot.expires and lot.expires < until for lot in member.model.open_lots(wallet))
        ]
        if short and (name, each) not in short:
            name, each = short[hours % len(short)]
        return "extend", (name, each, hours)

    def fitted_reinstate(self, name, each, count, hours):
        gone = [
            (other, wallet)
            for other, member in self.members.items()
            for wallet in WALLETS
            if not member.model.closed and member.model.lately_expired(wallet, self.now)
        ]
        if gone and (name, each) not in gone:
            name, each = gone[hours % len(gone)]
        found = len(self.members[name].model.lately_expired(each, self.now))
        return "reinstate", (name, each, count and max(1, min(count, found)), hours)

    def fitted_forgive(self, name, each, count):
        owing = [
            (other, wallet, owed)
            for other, member in self.members.items()
            for wallet, owed in member.model.debt.items()
            if owed
        ]
        if not owing:
            return self.fitted_return(2 * (count or 0), 0)
        name, each, owed = owing[(count or 0) % len(owing)]
        return "forgive", (name, each, count and min(count, owed))

    def fitted_pooled(self, name, each, count):
        alone = [
            other for other, member in self.members.items() if not member.model.household and not member.model.closed
        ]
        if len(alone) > 1:
            return "household", (alone[0],)
        able = [other for other, member in self.members.items() if member.model.household and not member.model.frozen]
        if able and name not in able:
            name = able[count % len(able)]
        found = {wallet: len(self.pool(name, wallet)) for wallet in WALLETS}
        each = each if found[each] else max(found, key=found.get)
        return "pooled", (name, each, max(1, min(count, found[each])))

    def post(self, entries):
        for name, each in entries.items():
            self.members[name].post(each)

    def refused(self, error, decide):
        with pytest.raises(error):
            decide()

    def one(self, name, decide, error=None):
        """Post what *decide* says for one member, or see it refused with *error*, or because all is over."""
        if self.members[name].model.closed:
            error = AccountClosed
        if error is not None:
            return self.refused(error, decide)
        entries, receipt = decide()
        self.members[name].post(entries)
        return receipt

    def of(self, name):
        return self.members[name].account, self.members[name].model

    # As in `test_laws`, for one of several

    def tell_earn(self, number, name, points, ago):
        ana, model = self.of(name)
        at = self.now - timedelta(hours=ago)
        said = decided(f"T{number}", at, points, counts={"measure.score": sum(points.values()), "limit.app": 1})
        receipt = self.one(name, lambda: decisions.record(ana, said, now=self.now))
        if receipt:
            key = f"purchase/T{number}"
            self.known.append((name, key))
            for each, count, starts, expires in receipt.lots:
                model.earn(decisions.lot_id(key, each), each, key, count, starts, expires, self.now)

    def leaving(self, model, name, count):
        """What refuses to let points go, if anything does."""
        if model.frozen:
            return AccountFrozen
        return None if len(model.spendable(name)) >= count else NotEnoughPoints

    def tell_redeem(self, number, name, each, count):
        ana, model = self.of(name)
        error = self.leaving(model, each, count)
        receipt = self.one(
            name,
            lambda: decisions.redeem(ana, reward="cup", points=count, key=f"{number}", wallet=each, now=self.now),
            error,
        )
        if receipt:
            assert not model.redeem(each, count, receipt.id)
            assert receipt.left == len(model.spendable(each))
            self.spent.append(((name,), receipt.id, count))

    def tell_hold(self, number, name, each, count, lasts):
        ana, model = self.of(name)
        until = self.now + timedelta(hours=lasts)
        error = self.leaving(model, each, count)
        receipt = self.one(
            name,
            lambda: decisions.hold(ana, points=count, key=f"{number}", wallet=each, until=until, now=self.now),
            error,
        )
        if receipt:
            model.hold(receipt.id, each, count, until)
            self.held.append((name, receipt.id))

    def tell_capture(self, _, chosen, count):
        name, hold = self.held[chosen % len(self.held)] if self.held else ("ana", "hold/none")
        ana, model = self.of(name)
        stands = hold in model.holds
        count = min(count, len(model.holds[hold][1])) if stands else 1
        receipt = self.one(
            name,
            lambda: decisions.capture(ana, hold, points=count, now=self.now),
            None if stands else (HoldOver, UnknownHold),
        )
        if receipt:
            model.capture(hold, count, self.now)
            self.spent.append(((name,), hold, count))

    def tell_release(self, _, chosen):
        name, hold = self.held[chosen % len(self.held)] if self.held else ("ana", "hold/none")
        ana, model = self.of(name)
        error = None if hold in model.holds else (HoldOver, UnknownHold)
        if self.one(name, lambda: decisions.release(ana, hold, now=self.now), error):
            model.release(hold, self.now)

    def tell_return(self, number, chosen, remaining):
        name, origin = self.known[chosen % len(self.known)] if chosen and self.known else ("ana", "purchase/none")
        chain = [self.members[name]]
        while chain[-1].model.merged_into:
            chain.append(next(each for each in self.members.values() if each.model is chain[-1].model.merged_into))
        here = chain[-1]
        adopted = None
        if len(chain) > 1:
            through = [each.account for each in chain[1:-1]]
            adopted = decisions.adopt(chain[0].account, here.account, origin, self.now, through=through)

        def decide(account):
            return decisions.take_back(
                account, id=f"R{number}", origin=origin, at=self.now, now=self.now, event={},
                remains={"left": remaining} if remaining else None, adopted=adopted,
                points_of_remaining=dict.fromkeys(WALLETS, remaining), counts={"measure.score": -1},
            )  # fmt: skip

        if len(chain) > 1:
            self.refused(AccountClosed, lambda: decide(chain[0].account))
        if origin == "purchase/none" or origin in self.gone:
            self.refused(EventError if origin in self.gone else UnknownOrigin, lambda: decide(here.account))
            return
        here.post(decide(here.account)[0])
        if not remaining:
            self.gone.add(origin)
        if adopted:
            books = [each.model for each in chain[:-1]]
            first = max(
                (place for place, each in enumerate(books) if any(key == origin for _, key in each.earned)), default=0
            )
            here.model.adopt(books[first], origin)
            for later in books[first + 1 :]:
                here.model.adopt(later, origin)
        for each in WALLETS:
            here.model.take_back(each, origin, remaining)

    # What staff or the member ask

    def tell_undo(self, number, chosen, count):
        names, redemption, total = self.spent[chosen % len(self.spent)] if self.spent else (("ana",), "none", 0)
        models = [self.members[each].model for each in names]
        left = sum(len(model.spent.get(redemption, ())) for model in models)
        error = None
        if any(model.closed for model in models):
            error = AccountClosed
        elif not total:
            error = UnknownRedemption
        elif not left or (count or 0) > left:
            error = NothingToUndo
        key = f"{number}"

        def decide():
            accounts = {each: self.members[each].account for each in names}
            if len(names) > 1:
                return decisions.undo_pooled(self.accounts, names[0], redemption, key=key, points=count, now=self.now)
            entries, receipt = decisions.undo(accounts[names[0]], redemption, key=key, points=count, now=self.now)
            return {names[0]: entries}, receipt

        if error:
            self.refused(error, decide)
            return
        entries, receipt = decide()
        self.post(entries)
        count = count or left
        assert (receipt.points, receipt.left) == (count, left - count)
        shares = receipt.shares or {names[0]: count}
        if len(names) > 1:
            # The last one spent of all comes back first.
            remaining = self.order[redemption][:left]
            shares = {}
            for name, _ in remaining[left - count :]:
                shares[name] = shares.get(name, 0) + 1
            self.order[redemption] = remaining[: left - count]
            assert shares == receipt.shares
        for name, share in shares.items():
            grace = days_later(self.now, 30)
            self.members[name].model.undo(redemption, share, key, self.now, grace)

    def tell_transfer(self, number, name, to, each, count):
        (ana, giver), (bea, taker) = self.of(name), self.of(to)

        def decide():
            return decisions.transfer(ana, bea, points=count, key=f"{number}", wallet=each, now=self.now)

        if name == to:
            self.refused(ValueError, decide)
            return
        error = None
        if giver.closed:
            error = AccountClosed
        elif giver.frozen:
            error = AccountFrozen
        elif taker.closed:
            error = AccountClosed
        elif each == "coins":
            error = NotTransferable
        elif len(giver.spendable(each)) < count or giver.debt.get(each, 0):
            error = NotEnoughPoints
        if error:
            self.refused(error, decide)
            return
        issued = self.issued()
        self.post(decide()[0])
        assert self.issued() == issued
        again = days_later(self.now, 2) if each == "stamps" else None
        giver.give(taker, each, giver.spendable(each)[:count], f"transfer/{number}", self.now, again)

    def tell_merge(self, number, name, to):
        (old, going), (into, staying) = self.of(name), self.of(to)

        def decide():
            return decisions.merge(old, into, key=f"{number}", now=self.now)

        if name == to:
            self.refused(ValueError, decide)
        elif going.closed or staying.closed:
            self.refused(AccountClosed, decide)
        elif going.holds:
            self.refused(HoldsStand, decide)
        else:
            issued = self.issued()
            self.post(decide()[0])
            assert self.issued() == issued
            going.merge(staying, f"merge/{number}", self.now)

    def issued(self):
        """All points of the program."""
        return sum(each.account.totals().issued for each in self.members.values())

    def tell_extend(self, _, name, each, hours):
        ana, model = self.of(name)
        until = self.now + timedelta(hours=hours)
        error = None if model.closed or model.extend(each, until) else NothingToExtend
        self.one(name, lambda: decisions.extend(ana, until=until, reason="storm", wallet=each, now=self.now), error)

    def tell_reinstate(self, _, name, each, count, hours):
        ana, model = self.of(name)
        until = self.now + timedelta(hours=hours)
        left = len(model.lately_expired(each, self.now))
        error = None if left and (count or 0) <= left else NothingToReinstate
        receipt = self.one(
            name,
            lambda: decisions.reinstate(ana, reason="storm", points=count, wallet=each, until=until, now=self.now),
            error,
        )
        if receipt:
            model.reinstate(each, receipt.points, until, self.now)

    def tell_goodwill(self, number, name, each, count):
        ana, model = self.of(name)
        receipt = self.one(
            name,
            lambda: decisions.goodwill(ana, points=count, reason="late", key=f"{number}", wallet=each, now=self.now),
        )
        if receipt:
            key = f"goodwill/{number}"
            model.earn(key, each, key, count, self.now, receipt.expires, self.now)

    def tell_forgive(self, _, name, each, count):
        ana, model = self.of(name)
        owed = model.debt.get(each, 0)
        error = None if owed and (count or 0) <= owed else NothingOwed
        if self.one(
            name, lambda: decisions.forgive(ana, reason="first", points=count, wallet=each, now=self.now), error
        ):
            model.forgive(each, count or owed)

    def tell_pause(self, _, name):
        """Freeze who is not frozen, unfreeze who is; the other way round is refused."""
        ana, model = self.of(name)

        def freeze():
            return decisions.freeze(ana, reason="doubt", now=self.now)

        def unfreeze():
            return decisions.unfreeze(ana, now=self.now)

        if model.frozen:
            self.refused(AccountFrozen, freeze)
            self.one(name, unfreeze)
            model.frozen = False
            model.rest_over(self.now)
        else:
            self.refused(AccountClosed if model.closed else NotFrozen, unfreeze)
            if self.one(name, freeze):
                model.frozen = True
                model.rest(self.now)

    def tell_protection(self, number, name, begins):
        ana, model = self.of(name)
        if begins:
            if self.one(name, lambda: decisions.protect(ana, cause="payment/P", key=f"{number}", now=self.now)):
                model.protected.add(f"protection/{number}")
                model.rest(self.now)
            return
        one = min(model.protected, default="protection/none")
        error = None if model.protected else UnknownProtection
        if self.one(name, lambda: decisions.end_protection(ana, protection=one, now=self.now), error):
            model.protected.discard(one)
            model.rest_over(self.now)

    def tell_household(self, _, name):
        """Join if in none, leave if in one; the other way round is refused."""
        ana, model = self.of(name)

        def join():
            return decisions.join_household(ana, "H", now=self.now)

        def leave():
            return decisions.leave_household(ana, now=self.now)

        if model.household:
            self.refused(InHousehold, join)
            self.one(name, leave)
            model.household = ""
        else:
            self.refused(AccountClosed if model.closed else NotInHousehold, leave)
            if self.one(name, join):
                model.household = "H"

    def pool(self, name, each):
        """The points that *name* may spend of the household, and whose they are, in order."""
        giving = [
            (other, point)
            for other, member in self.members.items()
            if (their := member.model).household and not their.frozen and not their.debt.get(each, 0)
            for point in their.spendable(each)
        ]
        earned = {lot.id: lot.earned for other in self.accounts.values() for lot in other.advance(self.now).lots(each)}
        return sorted(
            giving,
            key=lambda one: (
                one[1].lot.expires is None, one[1].lot.expires or 0, one[0] != name, earned[one[1].lot.name], one[0],
                one[1].lot.number,
            ),
        )  # fmt: skip

    def tell_pooled(self, number, name, each, count):
        _, model = self.of(name)

        def decide():
            return decisions.redeem_pooled(
                self.accounts, name, reward="cup", points=count, key=f"{number}", wallet=each, now=self.now
            )

        if model.closed or model.frozen or not model.household:
            self.refused(AccountClosed if model.closed else AccountFrozen if model.frozen else NotInHousehold, decide)
            return
        giving = self.pool(name, each)
        if len(giving) < count:
            with pytest.raises(NotEnoughPoints) as caught:
                decide()
            assert caught.value.missing == count - len(giving)
            return
        entries, receipt = decide()
        self.post(entries)
        used = giving[:count]
        shares = {other: [point for owner, point in used if owner == other] for other, _ in used}
        for other, points in shares.items():
            self.members[other].model.spend(receipt.id, points)
        assert receipt.shares == {other: len(points) for other, points in shares.items()}
        self.order[receipt.id] = used
        self.spent.append((tuple(shares), receipt.id, count))

    def tell_close(self, _, name):
        ana, model = self.of(name)
        error = HoldsStand if model.holds else None
        if self.one(name, lambda: decisions.close(ana, reason="asked", now=self.now), error):
            model.close()

    def balances(self, name):
        ana, found = self.members[name].account, {}
        for each in WALLETS:
            balance = ana.balance(self.now, each)
            found[each] = (balance.available, balance.pending, balance.held, balance.debt)
        return found


def places(lot):
    names = ("pending", "available", "held", "redeemed", "expired", "reversed", "settled")
    return {name: getattr(lot, name) for name in names if getattr(lot, name)}


def played(told):
    shop = Shop()
    for number, command in enumerate(told):
        shop.tell(number, *command)
        yield shop


def after(told):
    *_, shop = played(told)
    return shop


@given(commands)
def test_the_books_of_several_members_agree_with_a_model_in_which_every_point_is_an_object(told):
    for shop in played(told):
        for name, member in shop.members.items():
            ana = member.account.advance(shop.now)
            assert shop.balances(name) == {each: member.model.balance(each) for each in WALLETS}
            found = member.model.lot_places()
            assert {lot.name: places(ana.lot(lot.name)) for lot in member.model.lots} == {
                lot.name: found.get(lot.name, {}) for lot in member.model.lots
            }
            ends = {lot.id: lot.expires for each in WALLETS for lot in ana.lots(each)}
            assert ends == {lot.name: lot.expires for each in WALLETS for lot in member.model.open_lots(each)}
    event(f"accepted: {10 * shop.accepted // shop.asked * 10} %")


@given(commands)
def test_nothing_is_lost_and_nothing_made_between_members(told):
    for shop in played(told):
        for member in shop.members.values():
            member.account.check()
            member.account.advance(shop.now).check()
            member.account.advance(shop.now + timedelta(days=9)).check()


@given(commands, st.lists(hours, min_size=25, max_size=25))
def test_folding_posting_one_by_one_and_sweeping_come_to_the_same(told, waits):
    shop = after(told)

    for name, member in shop.members.items():
        swept = Account.open(BOOK, name)
        for entry, wait in zip(member.entries, [*waits, *[0] * len(member.entries)], strict=False):
            start = swept.now or entry.now
            swept = swept.advance(min(start + timedelta(hours=wait), entry.now)).post(entry)
            swept = swept.advance(entry.now)
        assert swept == fold(BOOK, name, member.entries) == member.account
        assert swept.advance(shop.now).totals() == member.account.advance(shop.now).totals()


@given(commands)
def test_balances_of_members_as_of_a_moment_never_change(told):
    seen = {}
    for shop in played(told):
        seen[shop.now] = {name: shop.balances(name) for name in MEMBERS}

    for now, known in seen.items():
        for name, balances in known.items():
            then = as_of(BOOK, name, shop.members[name].entries, now)
            for each in WALLETS:
                balance = then.balance(now, each)
                assert balances[each] == (balance.available, balance.pending, balance.held, balance.debt)


@given(commands)
def test_the_statement_of_each_member_adds_up(told):
    shop = after(told)

    for name, member in shop.members.items():
        story = statement(member.entries, BOOK, shop.now)
        assert all(line.parameters["points"] for line in story.lines if "points" in line.parameters)
        assert str(story)
        for each in WALLETS:
            lines = [line for line in story.lines if line.wallet == each]
            balance = member.account.balance(shop.now, each)
            assert sum(line.change for line in lines) == balance.available
            assert (lines[-1].debt if lines else 0) == balance.debt
            assert all(line.debt >= 0 for line in lines)
            assert all(line.balance >= 0 for line in lines)
        assert shop.balances(name)


@given(commands, st.data())
def test_entries_of_all_members_in_any_order_are_refused_or_keep_the_books_whole(told, data):
    shop = after(told)
    others = [entry for name in ("bea", "cas") for entry in shop.members[name].entries[1:]]

    ana = Account.open(BOOK, "ana").post(shop.members["ana"].entries[0])
    for entry in data.draw(st.permutations([*shop.members["ana"].entries[1:], *others])):
        before = ana
        try:
            ana = ana.post(entry)
        except BooksError:
            assert ana is before
        ana.check()
