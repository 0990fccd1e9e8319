"""What the clerks of the nursery do, and what the books must hold once it is done: counted apart from the books."""

from __future__ import annotations

import random
from collections import Counter

from fidelity.commands import Capture, Enroll, Hold, Record, Redeem, Transfer
from fidelity.events import Purchase, Return
from tests.loyalty.aurora import NOON

MEMBERS = ("ana", "eva", "ivo", "leo")
START = 100_000


def opening():
    """Four members with so many points that no command is ever refused."""
    yield from (Enroll(member=member, now=NOON) for member in MEMBERS)
    for member in MEMBERS:
        yield _bought(f"start-{member}", member, START)


def workload(seed, many):
    """The commands of one clerk; a capture follows its hold, and a return its purchase."""
    turns = random.Random(seed)  # noqa: S311  (a seeded day is no secret)
    commands, held, bought = [], [], []
    for n in range(many):
        member, key = turns.choice(MEMBERS), f"{seed}-{n}"
        kinds = ["buy", "redeem", "hold", "give", *["capture"] * bool(held), *["return"] * bool(bought)]
        match turns.choice(kinds):
            case "buy":
                bought.append(_bought(key, member, turns.randint(2, 50)))
                commands.append(bought[-1])
            case "redeem":
                commands.append(Redeem(member=member, reward="sugar", key=key, now=NOON))
            case "hold":
                held.append(Hold(member=member, points=turns.randint(1, 9), key=key, now=NOON))
                commands.append(held[-1])
            case "give":
                to = turns.choice([each for each in MEMBERS if each != member])
                commands.append(Transfer(member=member, to=to, points=turns.randint(1, 9), key=key, now=NOON))
            case "capture":
                hold = held.pop(turns.randrange(len(held)))
                # Under a key made of that of its hold, so that its entry, which names the hold, names it too.
                commands.append(Capture(hold=f"hold/{hold.key}", key=f"c-{hold.key}", now=NOON))
            case "return":
                sale = bought.pop(turns.randrange(len(bought))).event
                back = Return(sale.id, purchase=sale.id, member=sale.member, amount="2.00 EUR", at=NOON)
                commands.append(Record(event=back, now=NOON))
    return commands


def _bought(name, member, euros):
    return Record(event=Purchase(name, member=member, amount=f"{euros}.00 EUR", at=NOON), now=NOON)


def key_of(command):
    """The key under which the journal keeps *command*."""
    if isinstance(command, Enroll):
        return command.key
    return f"record/{command.key}" if isinstance(command, Record) else f"key/{command.key}"


#: What each command writes, as (stream's member or its part, kind of entry).
WRITES = {
    Record: ("event", "earned"),
    Return: ("return", "reversed"),
    Redeem: ("redeemed",),
    Hold: ("held",),
    Capture: ("captured",),
    Transfer: ("sent", "received"),
    Enroll: ("enrolled",),
}


def written_by(command):
    """The kinds of the entries of *command*, each under its key."""
    kind = Return if isinstance(command, Record) and isinstance(command.event, Return) else type(command)
    return Counter((key_of(command), each) for each in WRITES[kind])


#: The key that the words of an entry lead to, by its kind.
KEYS = {
    "enrolled": lambda entry: f"enroll/{entry.member}",
    "event": lambda entry: f"record/{entry.event_kind}/{entry.event_id}",
    "earned": lambda entry: f"record/{entry.origin}",
    "return": lambda entry: f"record/return/{entry.event_id}",
    # A return has the name of its purchase here.
    "reversed": lambda entry: entry.origin.replace("purchase/", "record/return/"),
    "redeemed": lambda entry: entry.redemption.replace("redemption/", "key/"),
    "held": lambda entry: entry.hold.replace("hold/", "key/"),
    "captured": lambda entry: entry.hold.replace("hold/", "key/c-"),
    "sent": lambda entry: entry.transfer.replace("transfer/", "key/"),
    "received": lambda entry: entry.transfer.replace("transfer/", "key/"),
}


def found_in(lines):
    """The kinds of the entries that stand in *lines*, each under the key that its own words lead to."""
    entries = [line.entry for line in lines if line.entry.kind != "program"]
    return Counter((KEYS[entry.kind](entry), entry.kind) for entry in entries)


class Model:
    """The points of each member as plain numbers."""

    def __init__(self):
        self.available, self.held = Counter(), Counter()
        self._holds = {}

    def apply(self, command):
        match command:
            case Record(event=Return() as back):
                self.available[back.member] -= 2
            case Record(event=event):
                self.available[event.member] += event.amount.minor // 100
            case Redeem():
                self.available[command.member] -= 7
            case Hold():
                self.available[command.member] -= command.points
                self.held[command.member] += command.points
                self._holds[f"hold/{command.key}"] = command
            case Capture():
                hold = self._holds.pop(command.hold)
                self.held[hold.member] -= hold.points
            case Transfer():
                self.available[command.member] -= command.points
                self.available[command.to] += command.points
