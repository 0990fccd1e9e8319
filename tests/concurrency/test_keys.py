"""Many processes ask for the same under the same key: it happens once, and everybody is told the same."""

from __future__ import annotations

from collections import Counter
from datetime import date

from fidelity.events import Return
from tests.concurrency.jobs import cafe
from tests.loyalty.aurora import NOON, bought, joined, sale


def same_for_all(crowd, database, calls):
    """What eight processes are told that all ask for *calls*, each in an order of its own."""
    answers = crowd.together(database, "call", [{"calls": calls, "seed": seed} for seed in range(8)])
    return {name: [answer[name] for answer in answers] for name in calls}


def told_once(told):
    """The receipt that everybody has; one of them had it first."""
    refused = [each for each in told if isinstance(each, str)]
    assert refused == []
    assert Counter(each.pop("repeated") for each in told) == {False: 1, True: 7}
    assert all(each == told[0] for each in told)
    return told[0]


def test_retries_under_load_apply_once_and_tell_everybody_the_same(crowd, database, loyalty, sound):
    loyalty.execute([*joined("ana", "eva"), bought("T-0", "1000.00 EUR")])
    _, _, before = sound()
    calls = {}
    for n in range(6):
        calls[f"enroll {n}"] = ("enroll", [f"m{n}"], {"customer_since": date(2020, 1, n + 1)})
        calls[f"record {n}"] = ("record", [sale(f"T-{n + 1}", "10.00 EUR")], {})
        calls[f"redeem {n}"] = ("redeem", ["ana", "sugar"], {"key": f"r{n}"})
        calls[f"hold {n}"] = ("hold", ["ana"], {"points": 5, "key": f"h{n}"})
        calls[f"transfer {n}"] = ("transfer", ["ana"], {"to": "eva", "points": 3, "key": f"t{n}"})
        calls[f"goodwill {n}"] = ("goodwill", ["eva"], {"points": 2, "reason": "late", "key": f"g{n}"})

    told = same_for_all(crowd, database, calls)

    for each in told.values():
        told_once(each)
    accounts, _, keys = sound()
    assert keys == before + len(calls)
    balance = accounts["ana"].balance(NOON)
    assert (balance.available, balance.held) == (1_000 + 60 - 42 - 30 - 18, 30)
    assert accounts["eva"].balance(NOON).available == 18 + 12


def test_who_asks_again_while_it_happens_is_not_told_that_it_cannot_happen_twice(crowd, database, loyalty, sound):
    """Each of these takes all there is, so a second one would be refused; but a retry is no second one."""
    kinds = ["hold", "redeem", "transfer", "release", "return", "merge", "undo", "close", "freeze"]
    members = [f"{kind} {n}" for kind in kinds for n in range(5)]
    loyalty.execute([*joined("eva", *members), *(bought(f"T-{m}", "7.00 EUR", member=m) for m in members)])
    redeemed = {m: loyalty.redeem(m, "sugar", key=f"before {m}", now=NOON).id for m in members if m.startswith("undo")}
    held = {m: loyalty.hold(m, points=7, key=f"before {m}", now=NOON).id for m in members if m.startswith("release")}
    back = {m: Return(f"R-{m}", purchase=f"T-{m}", member=m, amount="7.00 EUR", at=NOON) for m in members}
    _, _, before = sound()
    calls = {}
    for m in members:
        ask = {
            "hold": ("hold", [m], {"points": 7}),
            "redeem": ("redeem", [m, "sugar"], {}),
            "transfer": ("transfer", [m], {"to": "eva", "points": 7}),
            "release": ("release", [held.get(m)], {}),
            "return": ("record", [back[m]], None),
            "merge": ("merge", [m], {"into": "eva"}),
            "undo": ("undo", [redeemed.get(m)], {}),
            "close": ("close", [m], {"reason": "asked"}),
            "freeze": ("freeze", [m], {"reason": "asked"}),
        }
        method, words, named = ask[m.split()[0]]
        calls[m] = (method, words, {} if named is None else named | {"key": m})

    answers = crowd.together(database, "call", [{"calls": calls}] * 8)

    for m in members:
        told_once([answer[m] for answer in answers])
    _, _, keys = sound()
    assert keys == before + len(members)


def test_of_different_wishes_under_one_key_one_is_granted(crowd, database, loyalty, sound):
    loyalty.execute([*joined("ana"), bought("T-1", "1000.00 EUR")])
    _, _, before = sound()
    keys = [f"k{n}" for n in range(20)]
    each = [
        {"calls": {key: ("hold", ["ana"], {"points": n + 1, "key": key}) for key in keys}, "seed": n} for n in range(8)
    ]

    answers = crowd.together(database, "call", each)

    granted = {}
    for key in keys:
        told = [answer[key] for answer in answers]
        (granted[key],) = [each for each in told if isinstance(each, dict)]
        assert [each for each in told if isinstance(each, str)] == ["idempotency conflict"] * 7
    accounts, _, after = sound()
    assert after == before + len(keys)
    assert accounts["ana"].balance(NOON).held == sum(each["points"] for each in granted.values())


def test_who_enrolls_first_says_since_when(crowd, database, loyalty, sound):
    members = [f"m{n}" for n in range(15)]
    each = [
        {"calls": {m: ("enroll", [m], {"customer_since": date(2020, 1, 1 + n)}) for m in members}, "seed": n}
        for n in range(8)
    ]

    answers = crowd.together(database, "call", each)

    accounts, heads, keys = sound()
    for m in members:
        told = [answer[m] for answer in answers]
        (enrolled,) = [each for each in told if isinstance(each, dict)]
        assert [each for each in told if isinstance(each, str)] == ["already enrolled"] * 7
        assert accounts[m].customer_since.isoformat() == enrolled["customer_since"]
        assert heads[f"points/{m}"] == 1
    assert keys == len(members)


def test_a_version_is_published_with_one_set_of_rules_whoever_needs_it_first(crowd, database, journal, sound):
    """Eight processes open a shop on an empty database: two versions, one of them with two sets of rules."""
    rules = [("2026-01", {}), ("2026-01", {"expiry": "6 months"}), ("2026-02", {}), ("2026-02", {})]
    each = [
        {
            "calls": {k: ("enroll", [f"p{n}-{k}"], {}) for k in range(5)},
            "version": rules[n % 4][0],
            "changed": rules[n % 4][1],
        }
        for n in range(8)
    ]

    answers = crowd.together(database, "call", each)

    published = {
        line.entry.version: line.entry
        for line in journal.load("Café Aurora", ["program/Café Aurora"])["program/Café Aurora"].lines
    }
    winner = published["2026-01"].digest
    accounts, heads, keys = sound(version="2026-02")
    # A host that opens with the earlier version after the later one came says that it is in force again.
    assert sorted(published) == ["2026-01", "2026-02"]
    assert 2 <= heads["program/Café Aurora"] <= len(each)
    outcomes = Counter()
    for n, answer in enumerate(answers):
        for each in answer.values():
            outcomes[n % 4, each if isinstance(each, str) else "enrolled"] += 1
    lost = 1 if winner == cafe("2026-01").digest else 0
    assert outcomes[lost, "version conflict"] == 10
    assert sum(outcomes.values()) - 10 == 30 == len(accounts) == keys


def test_a_duplicate_is_merged_with_all_that_it_bought_before_and_buys_nothing_after(crowd, database, loyalty, sound):
    """Every purchase either came first and moved, or is refused."""
    pairs = [(f"old{n}", f"new{n}") for n in range(6)]
    loyalty.execute(joined(*(name for pair in pairs for name in pair)))
    each = []
    for n in range(8):
        some = [
            {f"{old}/{n}/{k}": ("record", [sale(f"{old}/{n}/{k}", "10.00 EUR", member=old)], {}) for old, _ in pairs}
            for k in range(6)
        ]
        merge = {f"merge {old}": ("merge", [old], {"into": new, "key": old}) for old, new in pairs[n : n + 1]}
        each.append({"calls": some[0] | some[1] | some[2] | merge | some[3] | some[4] | some[5]})

    answers = crowd.together(database, "call", each)

    outcomes = {name: told for answer in answers for name, told in answer.items()}
    assert {each for each in outcomes.values() if isinstance(each, str)} == {"account closed"}
    accounts, _, _ = sound()
    for old, new in pairs:
        came = [told for name, told in outcomes.items() if name.startswith(f"{old}/") and isinstance(told, dict)]
        assert outcomes[f"merge {old}"]["wallets"].get("points", 0) == 10 * len(came)
        assert accounts[new].balance(NOON).available == 10 * len(came)
        assert accounts[old].balance(NOON).available == 0
        assert accounts[old].merged_into == new
