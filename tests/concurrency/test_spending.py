"""Many processes on one database: no point is spent twice, none is lost, and whoever was told so is in the books."""

from __future__ import annotations

from collections import Counter

from tests.loyalty.aurora import NOON, bought, joined


def kept(answers):
    return [each for each in answers if isinstance(each, dict)]


def test_eight_processes_spend_a_thousand_points_seven_at_a_time(crowd, database, loyalty, sound):
    """Half of them redeem, half of them hold: 142 times seven points, and six points are left."""
    loyalty.execute([*joined("ana"), bought("T-1", "1000.00 EUR")])
    before = len(loyalty.journal.load("Café Aurora", ["points/ana"])["points/ana"].lines)

    each = [{"name": f"p{n}", "times": 200, "what": ("hold", "redeem")[n % 2]} for n in range(8)]
    answers = [answer for each in crowd.together(database, "spend", each) for answer in each]

    acknowledged = kept(answers)
    assert (len(acknowledged), len(answers)) == (142, 1_600)
    assert Counter(answer for answer in answers if isinstance(answer, str)) == {"not enough points": 1_458}
    accounts, heads, keys = sound()
    balance = accounts["ana"].balance(NOON)
    redeemed = accounts["ana"].totals("points").redeemed
    assert (balance.available, balance.held + redeemed) == (6, 994)
    assert heads["points/ana"] == before + len(acknowledged)
    assert keys == 2 + len(acknowledged)


def test_of_twenty_gifts_at_once_from_a_hundred_points_one_is_given(crowd, database, loyalty, sound):
    """Twenty gifts of all the points once gave 2,000 (fuint 71)."""
    loyalty.execute([*joined("ana", *(f"m{n}" for n in range(20))), bought("T-1", "100.00 EUR")])
    gifts = [("ana", f"m{n}", 100, f"g{n}") for n in range(20)]

    answers = crowd.together(database, "give", [{"gifts": gifts[n::8]} for n in range(8)])

    answers = [answer for each in answers for answer in each.values()]
    (given,) = kept(answers)
    assert Counter(each for each in answers if isinstance(each, str)) == {"not enough points": 19}
    accounts, _, keys = sound()
    available = {member: account.balance(NOON).available for member, account in accounts.items()}
    assert {member: points for member, points in available.items() if points} == {given["to"]: 100}
    assert keys == 22 + 1


def test_gifts_that_cross_neither_wait_for_each_other_for_ever_nor_lose_a_point(crowd, database, loyalty, sound):
    loyalty.execute([
        *joined("ana", "eva"), bought("T-1", "100.00 EUR"), bought("T-2", "100.00 EUR", member="eva"),
    ])  # fmt: skip
    _, before, _ = sound()
    ways = [("ana", "eva"), ("eva", "ana")]

    each = [{"gifts": [(*ways[n % 2], 3, f"{n}/{turn}") for turn in range(12)]} for n in range(8)]
    answers = [answer for each in crowd.together(database, "give", each) for answer in each.values()]

    accounts, heads, keys = sound()
    sent = Counter(each["member"] for each in kept(answers))
    assert set(map(str, filter(lambda each: isinstance(each, str), answers))) <= {"not enough points"}
    assert accounts["ana"].balance(NOON).available == 100 - 3 * sent["ana"] + 3 * sent["eva"]
    assert accounts["eva"].balance(NOON).available == 100 - 3 * sent["eva"] + 3 * sent["ana"]
    for member in ("points/ana", "points/eva"):
        assert heads[member] == before[member] + sent.total()
    assert keys == 4 + sent.total()


def test_each_hold_has_one_outcome_whoever_comes_first(crowd, database, loyalty, sound):
    """Four processes capture what four others release."""
    loyalty.execute([*joined("ana"), bought("T-1", "1000.00 EUR")])
    holds = [loyalty.hold("ana", points=10, key=f"h{n}", now=NOON).id for n in range(30)]
    _, before, _ = sound()

    each = [
        {
            "calls": {hold: (("capture", "release")[n % 2], [hold], {"key": f"{n}/{hold}"}) for hold in holds},
            "seed": n // 2,
        }
        for n in range(8)
    ]
    answers = crowd.together(database, "call", each)

    outcomes = [
        sorted(str(answer[hold] if isinstance(answer[hold], str) else "done") for answer in answers) for hold in holds
    ]
    assert outcomes == [["done", *["hold over"] * 7]] * len(holds)
    captured = sum(len(kept(answer.values())) for answer in answers[::2])
    accounts, heads, _ = sound()
    balance = accounts["ana"].balance(NOON)
    assert (balance.available, balance.held) == (1_000 - 10 * captured, 0)
    assert heads["points/ana"] == before["points/ana"] + len(holds)


def test_a_household_spends_together_what_it_has_and_no_point_more(crowd, database, loyalty, sound):
    """Everybody asks for everybody's points, so each command reaches for books that others have in hand."""
    members = ["ana", "eva", "ivo", "leo"]
    loyalty.execute([*joined(*members), *(bought(f"T-{m}", "50.00 EUR", member=m) for m in members)])
    for member in members:
        loyalty.join_household(member, "h", key=member, now=NOON)

    each = [
        {"calls": {k: ("redeem", [members[n % 4], "sugar"], {"pooled": True, "key": f"{n}/{k}"}) for k in range(8)}}
        for n in range(8)
    ]
    answers = [answer for each in crowd.together(database, "call", each) for answer in each.values()]

    assert Counter(each if isinstance(each, str) else "spent" for each in answers) == {
        "spent": 28,
        "not enough points": 36,
    }
    accounts, _, _ = sound()
    assert sum(account.balance(NOON).available for account in accounts.values()) == 200 - 28 * 7


def test_whoever_joins_and_leaves_while_others_spend_is_in_or_out_and_nothing_between(crowd, database, loyalty, sound):
    """What the household says of its members and what they say of it is the same, whoever comes first."""
    members = [f"m{n}" for n in range(8)]
    loyalty.execute([*joined(*members), *(bought(f"T-{m}", "70.00 EUR", member=m) for m in members)])

    each = []
    for n, m in enumerate(members):
        join = {"join": ("join_household", [m, "h"], {"key": m})}
        spend = {f"s{k}": ("redeem", [m, "sugar"], {"pooled": True, "key": f"{m}/{k}"}) for k in range(4)}
        leave = {"leave": ("leave_household", [m], {"key": f"leave {m}"})} if n % 2 else {}
        each.append({"calls": join | spend | leave})
    answers = crowd.together(database, "call", each)

    told = [answer for each in answers for answer in each.values()]
    assert kept(told) == told
    accounts, heads, _ = sound()
    inside = {m for m, account in accounts.items() if account.household == "h"}
    assert inside == set(members[::2]) == set(loyalty.household("h").members)
    assert heads["household/h"] == 8 + 4
    assert sum(account.balance(NOON).available for account in accounts.values()) == 8 * 70 - 32 * 7
