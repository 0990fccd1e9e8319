"""What a user must not write: mypy --strict refuses each line marked `# error: <code>`, and no other."""

from __future__ import annotations

from datetime import UTC, datetime

import fidelity as fd
from fidelity import (
    Cap,
    EarnRule,
    Group,
    Measure,
    Program,
    Reward,
    Tier,
    TierSet,
    line,
    lines,
    member,
    points,
    purchase,
    rate,
    redemption,
    relationship,
    times,
    total,
)

noon = datetime(2026, 6, 15, 12, tzinfo=UTC)


class Flight(fd.CustomEvent):
    miles = fd.whole(0, 20_000)
    cabin = fd.choice("economy", "business", ordered=True)
    fare = fd.amount("5000")


# Misspelt fields.
purchase.amout  # error: attr-defined
purchase.basket  # error: attr-defined
line.price  # error: attr-defined
member.teir  # error: attr-defined
redemption.amount  # error: attr-defined
Flight.mils  # error: attr-defined
lines().total  # error: attr-defined

# Wrong operands.
purchase.amount >= 99.9  # error: operator
EarnRule("b", points(1), when=purchase.amount == 99.9)  # error: arg-type
EarnRule("b", points(1), when=purchase.channel == 5)  # error: arg-type
purchase.channel >= 5  # error: operator
EarnRule("b", points(1), when=member.tier == 2)  # error: arg-type
member.tier >= 2  # error: operator
member.tenure_years > "Gold" + 1  # error: operator
member.tenure_years >= 1.5  # error: operator
member.tenure_years == purchase.amount  # error: operator
purchase.amount >= member.tenure_years  # error: operator
purchase.amount + member.tenure_years  # error: operator
purchase.amount * purchase.tip  # error: operator
purchase.amount / purchase.tip  # error: operator
purchase.amount // 3  # error: operator
purchase.date >= 20260601  # error: operator
purchase.at >= 5  # error: operator
purchase.tags == "own cup"  # error: comparison-overlap
(purchase.channel == "app") & True  # error: operator
(purchase.channel == "app") & "purchase.amount > 5"  # error: operator
Flight.cabin >= 3  # error: operator
purchase.tags.has(5)  # error: arg-type
purchase.channel.is_in("app", 5)  # error: arg-type
lines("coffee")  # error: arg-type
lines(line.amount)  # error: arg-type

# Amounts and rates.
points(1.5, per="1 EUR")  # error: arg-type
points("1", per="1 EUR")  # error: arg-type
points(purchase.amount)  # error: arg-type
points(1, per=0.5)  # error: arg-type
points(1, per="1 EUR", of=purchase.channel)  # error: arg-type
rate(0.03)  # error: arg-type
rate("3/100", of="purchase.amount")  # error: arg-type
times(1.5, of="base")  # error: arg-type
times(2)  # error: call-arg
relationship(purchase=10)  # error: call-arg
relationship(purchases="10")  # error: arg-type
total(purchase.channel)  # error: call-overload
total(purchase.amount, when="purchase.channel == 'app'")  # error: call-overload

# Parts.
Cap(12.5, "points")  # error: arg-type
Cap(500, "euros")  # error: arg-type
Cap(500, "points", "calendar month")  # error: call-arg
Tier("Gold", at=2.5)  # error: arg-type
Tier("Gold", 2_000)  # error: call-arg
TierSet([Tier("A"), Tier("B", at=5)], over="12 months")  # error: call-arg
TierSet([Tier("A"), Tier("B", at=5)], counts="visits", falls="at once")  # error: arg-type
Reward("coffee", cost=1.5)  # error: arg-type
Reward("coffee", 120)  # error: call-arg
Reward("coffee", cost=120, wroth="5 EUR")  # error: call-arg
EarnRule("base", 5)  # error: arg-type
EarnRule("base", points(1), purchase.channel == "app")  # error: call-arg
EarnRule("base", points(1), wen=purchase.channel == "app")  # error: call-arg
EarnRule("base", points(1), when=True)  # error: arg-type
EarnRule("base", points(1), when=purchase.channel)  # error: arg-type
Group("base", EarnRule("base", points(1)))  # error: arg-type
Group("base", [EarnRule("base", points(1))], combine="most")  # error: arg-type
Measure("dining", purchase.amount, over="ever")  # error: call-overload
Measure("dining", total(purchase.amount))  # error: call-overload
Program("Aurora", currency="EUR", timezone="UTC", earn=[])  # error: call-arg
Program("Aurora", version="1", currency="EUR", timezone="UTC", earn=[], rounding="down")  # error: arg-type
Program("Aurora", version="1", currency="EUR", timezone="UTC", earn=["base"])  # error: list-item
Program("Aurora", version="1", currency="EUR", timezone="UTC", earn=[], rewards=["mug"])  # error: list-item
Program("Aurora", version="1", currency="EUR", timezone="UTC", earn=[], enrolment_fee="5 EUR")  # error: call-arg
fd.whole(0)  # error: call-arg
fd.whole(0, 5, obtained="stolen")  # error: arg-type
fd.choice(1, 2)  # error: arg-type

# Measures.
dining = Measure("dining", total(purchase.amount), over="calendar quarter")
EarnRule("b", points(1), when=dining < 99.9)  # error: operator
EarnRule("b", points(1), when=dining < purchase.channel)  # error: operator

# Events.
fd.Purchase("T-1", member="ana", at=noon, amount=12.5)  # error: arg-type
fd.Purchase("T-1", member="ana", at="2026-06-15", amount="5 EUR")  # error: arg-type
fd.Purchase("T-1", at=noon, amount="5 EUR")  # error: call-arg
fd.Facts(customer_since="2019-05-02")  # error: arg-type
