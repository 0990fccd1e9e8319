"""What happened to some members, told to the books event by event, and to the step round by round."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
from attrs import evolve, frozen

from fidelity.commands import Redeem
from fidelity.errors import FidelityError
from fidelity.language.schema import BUILT_IN
from fidelity.ledger.columns.calendar import NEVER
from fidelity.ledger.columns.living import Log, live
from fidelity.ledger.columns.rounds import rounds_of
from fidelity.ledger.columns.step import Step
from fidelity.loyalty import Loyalty
from fidelity.values.money import Money

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PARTS = ("discount", "paid_with_points", "tax", "shipping", "tip")


def micros(at):
    return (at - EPOCH) // timedelta(microseconds=1)


@frozen
class Redemption:
    """Somebody asks for a reward."""

    member: str
    at: datetime
    reward: str
    quantity: int = 1
    kind = "redemption"


@frozen
class Books:
    """What some books say: of each event what it gave or why not, and in the end balances, open lots and tiers."""

    answers: list
    balances: dict
    lots: dict
    tiers: dict


def base(value):
    return value.minor if isinstance(value, Money) else value


def columns(program, kind, events):
    """The columns, and the lines, of *events* of one kind."""
    if kind in ("redemption", "return"):
        table = {"at": np.array([micros(each.at) for each in events], np.int64)}
        if kind == "redemption":
            return table | {name: [getattr(each, name) for each in events] for name in ("reward", "quantity")}, None
        amounts = [-1 if each.amount is None else each.amount.minor for each in events]
        return table | {"purchase": np.zeros(len(events), np.int64), "amount": np.array(amounts)}, None
    own = program.declared.own.get(kind, {})
    known = BUILT_IN.get(kind)
    if known is None:
        own, known = program.declared.events[kind], {}
    table = {"at": np.array([micros(each.at) for each in events], np.int64)}
    for name in known:
        if name == "basis":
            continue
        values = [getattr(each, name, None) for each in events]
        if name in ("amount", *PARTS):
            table[name] = np.array([0 if each is None else each.minor for each in values], np.int64)
        else:
            table[name] = values
    for name, each in own.items():
        table[name] = [base(event.fields.get(name, each.default)) for event in events]
    if kind != "purchase":
        return table, None
    listed = [(row, one) for row, each in enumerate(events) for one in each.lines]
    within = {
        "row": np.array([row for row, _ in listed], np.int64),
        "amount": np.array([one.amount.minor for _, one in listed], np.int64),
        "quantity": np.array([one.quantity for _, one in listed], np.int64),
        **{name: [getattr(one, name) for _, one in listed] for name in ("category", "sku", "tags")},
    }
    for name, each in program.declared.own.get("line", {}).items():
        within[name] = [one.fields.get(name, each.default) for _, one in listed]
    return table, within


def points_of(lots):
    found = defaultdict(int)
    for wallet, points, *_ in lots:
        found[wallet] += points
    return dict(found)


def by_the_books(program, happened, members, until, wallets):
    """What `Loyalty` says."""
    shop, answers, enrolled = Loyalty(program), [], set()
    for event in happened:
        if event.member not in enrolled:
            since, fields = members[event.member]
            shop.enroll(event.member, customer_since=since, fields=fields, now=event.at)
            enrolled.add(event.member)
        try:
            if event.kind == "redemption":
                told = {"quantity": event.quantity, "key": f"key {len(answers)}"}
                receipt = shop.execute([Redeem(member=event.member, reward=event.reward, now=event.at, **told)])[0]
            else:
                receipt = shop.record(event, now=event.at)
        except FidelityError as error:
            answers.append(error.code)
            continue
        if event.kind == "redemption":
            answers.append({receipt.wallet: receipt.points})
        elif event.kind == "return":
            answers.append(None)
        else:
            answers.append(points_of(receipt.lots))
    balances, lots, tiers = {}, {}, {}
    for member in sorted(enrolled):
        account = shop.account(member, at=until)
        for wallet in wallets:
            found = shop.balance(member, at=until, wallet=wallet)
            balances[member, wallet] = (found.available, found.pending, found.debt)
            lots[member, wallet] = sorted(
                (micros(each.earned), each.expires and micros(each.expires), each.available + each.pending)
                for each in account.lots(wallet)
            )
        standing = shop.status(member, at=until)
        tiers[member] = "" if standing is None else standing.tier
    return Books(answers, balances, lots, tiers)


class Stepping:
    """A step, and what happened to some members, in rounds."""

    def __init__(self, program, happened, members, until, wallets):
        self.program, self.happened, self.until, self.wallets = program, happened, until, wallets
        kinds = dict.fromkeys(each.kind for each in happened)
        self.step = Step.of(program, kinds)
        names = list(dict.fromkeys(each.member for each in happened))
        self.rounds = rounds_of(np.array([names.index(each.member) for each in happened]), len(names))
        self.names = [names[each] for each in self.rounds.members]
        self.place = {each: number for number, each in enumerate(self.names)}
        self.state = self.step.begin(len(names), facts=self.known(program, [members[each] for each in self.names]))
        self.parts, self.rows = {}, {}
        for kind in kinds:
            mine = [each for each in happened if each.kind == kind]
            table, lines = columns(program, kind, mine)
            self.parts[kind] = self.step.prepare(self.state, kind, table, lines=lines)
            self.rows[kind] = {id(each): number for number, each in enumerate(mine)}
        self.answers, self.numbers = [None] * len(happened), {}

    @staticmethod
    def known(program, told):
        days = [np.datetime64("NaT" if day is None else day, "D") for day, _ in told]
        found = {"customer_since": np.array(days)}
        for name, kind in program.declared.own.get("member", {}).items():
            found[name] = [base(fields.get(name, kind.default)) for _, fields in told]
        return found

    def run(self):
        for start, stop in self.rounds:
            groups = defaultdict(list)
            for row in self.rounds.rows[start:stop]:
                groups[self.happened[row].kind].append(row)
            for kind, rows in groups.items():
                who = np.array([self.place[self.happened[row].member] for row in rows])
                if len(groups) == 1:
                    assert who.tolist() == list(range(len(who)))
                    who = slice(0, len(who))
                self.tell(kind, who, rows)
        self.step.settle(self.state, micros(self.until))
        return self.books()

    def tell(self, kind, who, rows):
        some = [self.happened[row] for row in rows]
        part = self.parts[kind].take(np.array([self.rows[kind][id(each)] for each in some]))
        if kind == "return":
            came = np.array([self.numbers.get(each.purchase, -1) for each in some])
            part = evolve(part, more=part.more | {"purchase": came})
        given = self.step.step(self.state, who, kind, part)
        if given.numbers is not None:
            self.numbers |= {each.id: int(number) for each, number in zip(some, given.numbers, strict=True)}
        told = given.spent if kind == "redemption" else given.points
        for number, row in enumerate(rows):
            found = {name: int(each[number]) for name, each in told.items() if each[number]}
            taken = None if kind == "return" else found
            self.answers[row] = taken if given.ok[number] else given.reason[number]

    def books(self):
        everybody, when = slice(0, len(self.names)), np.full(len(self.names), micros(self.until))
        balances, lots, state = {}, defaultdict(list), self.state
        for wallet in self.wallets:
            books = state.lots[wallet]
            found = [getattr(books, each)(everybody, when) for each in ("available", "pending", "debt")]
            for name, number in self.place.items():
                balances[name, wallet] = tuple(int(each[number]) for each in found)
                lots[name, wallet] = []
            listed = books.open_lots()
            told = [listed[each].tolist() for each in ("member", "earned", "expires", "points")]
            for member, earned, expires, left in zip(*told, strict=True):
                lots[self.names[member], wallet].append((earned, None if expires == NEVER else expires, left))
        codes = [] if state.tiers is None else state.tiers.at(everybody, when)
        tiers = dict.fromkeys(self.names, "")
        tiers |= {name: self.program.tiers.names[code] for name, code in zip(self.names, codes, strict=False)}
        return Books(self.answers, balances, {key: sorted(each) for key, each in lots.items()}, tiers)


def by_columns(program, happened, members, until, wallets):
    """What the step says."""
    return Stepping(program, happened, members, until, wallets).run()


def by_living(program, happened, members, until, wallets, *, threads=1):
    """What a log that is lived through says, two members at a time."""
    names = list(dict.fromkeys(each.member for each in happened))
    known = [members[each] for each in names]
    rows = defaultdict(list)
    for row, each in enumerate(happened):
        rows[each.kind].append(row)
    tables, lines = {}, None
    for kind, places in rows.items():
        tables[kind], within = columns(program, kind, [happened[row] for row in places])
        lines = within or lines
        if kind == "return":
            bought = {each.id: row for row, each in enumerate(happened) if each.kind == "purchase"}
            tables[kind]["purchase"] = np.array([bought[happened[row].purchase] for row in places])
    member = np.array([names.index(each.member) for each in happened])
    places = {} if len(rows) == 1 else {kind: np.array(each) for kind, each in rows.items()}
    log = Log(member, len(names), tables, places, lines)
    facts = Stepping.known(program, known)
    found = Books([None] * len(happened), {}, {}, dict.fromkeys(names, ""))

    def told(each):
        put_together(found, each, [names[one] for one in each.block.members], happened, wallets, program)

    for _ in live(program, log, told, until=micros(until), facts=facts, size=2, threads=threads):
        pass
    return found


def put_together(found, lived, names, happened, wallets, program):  # noqa: PLR0917  # what both sides know
    for number, row in enumerate(lived.block.rows):
        told = lived.spent if happened[row].kind == "redemption" else lived.points
        given = {name: int(each[number]) for name, each in told.items() if each[number]}
        taken = None if happened[row].kind == "return" else given
        found.answers[row] = taken if lived.ok[number] else lived.reason[number]
    for wallet in wallets:
        have = lived.balance(wallet)
        for number, name in enumerate(names):
            found.balances[name, wallet] = tuple(int(have[each][number]) for each in ("available", "pending", "debt"))
            found.lots[name, wallet] = []
        listed = lived.open_lots(wallet)
        told = [listed[each].tolist() for each in ("member", "earned", "expires", "points")]
        for member, earned, expires, left in zip(*told, strict=True):
            found.lots[names[member], wallet].append((earned, None if expires == NEVER else expires, left))
        for name in names:
            found.lots[name, wallet].sort()
    if lived.state.tiers is not None:
        codes = lived.state.tiers.at(slice(0, len(names)), np.full(len(names), lived.until))
        found.tiers.update({name: program.tiers.names[code] for name, code in zip(names, codes, strict=True)})
