"""Every problem of a program comes in one error: each with its path and remedy, in the order of the file, none twice."""

from __future__ import annotations

import pytest

from fidelity.errors import FidelityError, ProgramError
from fidelity.language.fields import line, lines, member, purchase
from fidelity.rules.earning.amounts import points, rate, times
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import Measure, count, total
from fidelity.rules.earning.rules import EarnRule, Group, Wallet
from fidelity.rules.program import Program
from fidelity.rules.published import Limits, Pace, Published
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.spelling.files import read_toml
from fidelity.rules.tiers.tier_set import Tier, TierSet, relationship
from tests.rules.programs import BASE, Card, Flight, Fuel, plain, program, rule

ELEVEN_MISTAKES = """
name = "Café Aurora"
version = "1"
currency = "EUR"
timezone = "Europe/Madird"
expirry = "12 months"
excludes = ["purchase.categry == 'gift card'"]

[[earn]]
name = "base"
points = 1
per = "1 USD"

[[earn]]
name = "app"
points = 10
when = "purchase.chanel == 'app'"

[[earn]]
name = "weekend"
times = 2
of = "bass"

[[earn]]
name = "opinion"
points = 1.5
on = "feedback"

[[earn]]
name = "opinion"
points = 20
on = "fedback"
limit = "1 per month"

[tiers]
counts = "point earned"
over = "12 months"
tiers = [{name = "Bronze"}, {name = "Silver", at = 500}, {name = "Gold", at = 400}]

[[rewards]]
name = "coffee"
cost = 120
wallet = "stamp"
"""


def problems(make):
    with pytest.raises(ProgramError) as caught:
        make()
    return caught.value.problems


def told(make):
    return [str(each) for each in problems(make)]


def of_dict(**parts):
    return told(lambda: Program.from_dict(plain(**parts)))


def test_a_float_is_told_where_it_stands_and_hides_nothing():
    found = told(lambda: Program.from_dict(read_toml(ELEVEN_MISTAKES)))

    assert any(each.endswith('1.5 is not exact here; write it as text: "1.5"') for each in found)
    assert len(found) > 10


def test_all_the_mistakes_of_a_file_come_at_once_in_its_order():
    data = read_toml(ELEVEN_MISTAKES.replace("1.5", '"1.5.5"'))

    assert told(lambda: Program.from_dict(data)) == [
        'timezone: no time zone is called \'Europe/Madird\'; did you mean "Europe/Madrid"?',
        "expirry: a program has no key 'expirry'; did you mean \"expiry\"?",
        'excludes[0]: purchase has no field "categry"; did you mean "category"?',
        'earn: the name "opinion" stands twice; give each one its own',
        "earn[0].gives: a step of 1.00 USD in a program in EUR; convert it first",
        'earn[1].when: purchase has no field "chanel"; did you mean "channel"?',
        'earn[2].gives: there is no group "bass" to multiply; did you mean "base"?',
        *[each for each in told(lambda: Program.from_dict(data)) if each.startswith(("earn[3]", "earn[4]"))],
        'tiers.counts: "point earned" cannot be counted; did you mean "points earned"?',
        "tiers.tiers[2].at: Gold does not start above Silver; order tiers from low to high",
        'rewards[0].wallet: no rule fills a wallet "stamp"; there are points',
    ]  # fmt: skip
    paths = [each.path for each in problems(lambda: Program.from_dict(data))]
    assert [each for each in paths if each.startswith(("earn[3]", "earn[4]"))] == [
        "earn[3]",
        "earn[4].limit",
        "earn[4].on",
    ]


def test_an_unknown_policy_hides_nothing_else():
    rules = [{"name": "base", "points": 1, "when": "purchase.amout > 5"}]
    reward = {"name": "tv", "cost": 9, "worth": "5 EUR", "minimum_basket": "50 EUR"}
    data = plain(earn=rules, rounding="flor", basis_without=["taxes"], rewards=[reward], words={"es": {"zzz": "nada"}})

    paths = [each.path for each in problems(lambda: Program.from_dict(data))]

    assert paths == ["earn[0].when", "rounding", "basis_without", "rewards[0].minimum_basket", "words.es"]


def test_of_two_rules_of_one_name_each_mistake_has_its_own_place():
    rules = [
        {"name": "base", "points": 1, "when": f"purchase.{each} == 'x'"} for each in ("chanel", "stroe", "channel")
    ]
    rules.append({"group": "g", "rules": [{"name": "base", "points": 1, "when": "purchase.amout > 5"}]})
    found = problems(lambda: Program.from_dict(plain(earn=rules)))

    assert [each.path for each in found] == ["earn", "earn[0].when", "earn[1].when", "earn[3].rules[0].when"]
    assert not any("#" in each.message for each in found)


def test_a_key_that_cannot_be_read_hides_no_reference_of_the_same_rule():
    rules = [{"name": "base", "points": 1}, {"name": "double", "times": 2, "of": "bse", "limit": "once a dday"}]

    found = problems(lambda: Program.from_dict(plain(earn=rules)))

    assert [each.path for each in found] == ["earn[1].limit", "earn[1].gives"]


def test_nothing_is_told_twice():
    found = told(lambda: Program.from_dict(read_toml(ELEVEN_MISTAKES.replace("1.5", '"1.5.5"'))))

    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"when": 3}, "earn[0].when: "),
        ({"points": True}, "earn[0]: "),
        ({"points": 10**5_000}, "earn[0]: "),
        ({"rate": "1/3"}, "earn[0]: a rule gives points, a rate or a multiple, not points and rate; make two rules"),
        ({"each": "item"}, "earn[0]: each = 'item' is not known; write each = \"line\""),
        ({"per": "1 EURO"}, "earn[0]"),
        ({"per": "0 EUR"}, "earn[0]: a step must be above zero"),
        ({"on": "purchas"}, 'earn[0].on: there is no event "purchas"; did you mean "purchase"?'),
        ({"on": "return"}, "earn[0].on: returns never earn; they take back what their purchase earned"),
        ({"limit": "1 per month"}, "earn[0].limit: "),
        ({"limit": "never"}, "earn[0].limit: 'never' is not a limit; write "),
        ({"cap": {"most": 5, "unit": "spend"}}, "earn[0].cap: a cap of spend is given in money"),
        ({"cap": {"most": 5, "exceeded": "drop"}}, 'earn[0].cap: exceeded is "reduce" or "reject"'),
        ({"during": ["2026-02-01", "2026-01-01"]}, "earn[0]: during= ends on 2026-01-01, before it begins"),
        ({"during": ["2026-02-30", "2026-03-01"]}, "earn[0].during: "),
        ({"during": ["2026-02-01"]}, "earn[0].during: "),
        ({"mesage": "a card"}, "earn[0].mesage: a rule has no key 'mesage'; did you mean \"message\"?"),
        ({"when": "purchase.weekday == 'sonday'"}, 'earn[0].when: purchase.weekday is never "sonday"; did you mean "sunday"?'),
        ({"when": "purchase.amount > 'much'"}, "earn[0].when: "),
        ({"when": "purchase.amount"}, "earn[0].when: "),
        ({"when": "purchase.amount >"}, "earn[0].when: "),
        ({"when": "member.tier == 'Gold'"}, "earn[0].when: the program has no tiers to read; add tiers="),
        ({"when": "line.amount > 5"}, "earn[0].when: `line.amount` belongs to one line; write it inside lines(…)"),
        ({"when": "redemption.hour > 5"}, 'earn[0].when: there is no "redemption" to read'),
        ({"when": "purchase.amount > 5 USD"}, "earn[0].when: 5.00 USD stands in a program in EUR; convert it first"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_is_told_with_its_path_and_remedy(parts, expected):
    found = of_dict(earn=[{"name": "base", "points": 1, "per": "1 EUR", **parts}])

    assert len(found) == 1
    assert found[0].startswith(expected)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"name": ""}, "name: a program needs a name, not ''; write name=\"…\""),
        ({"currency": "eur"}, "currency: "),
        ({"version": 1}, "version: a text is needed here, not 1"),
        ({"rounding": "flor"}, "rounding: rounding 'flor' is not known; did you mean \"floor\"?"),
        ({"multipliers": "multiply"}, "multipliers: multipliers 'multiply' is not known"),
        ({"basis_without": ["vat"]}, "basis_without: a purchase has no part 'vat'; there are tax, shipping, tip"),
        ({"basis_without": "tax"}, "basis_without: a list is needed here, not 'tax'"),
        ({"expiry": "a while"}, "expiry: "),
        ({"earn": {"name": "base", "points": 1}}, "earn: a list is needed here, not a table"),
        ({"earn": ["base"]}, "earn[0]: a rule is a table of named values, not 'base'"),
        ({"rewards": [{"name": "x"}]}, "rewards[0].cost: a reward needs cost; add cost = …"),
        ({"rewards": [{"name": "x", "cost": 5, "when": "redemption.chanel == 'app'"}]},
         'rewards[0].when: redemption has no field "chanel"; did you mean "channel"?'),
        ({"measures": [{"name": "m", "total": "purchase.amout", "over": "ever"}]},
         'measures[0]: purchase has no field "amout"; did you mean "amount"?'),
        ({"measures": [{"name": "m", "total": "purchase.amount", "over": "month"}]}, "measures[0]: "),
        ({"measures": [{"name": "m", "count": "purchas", "over": "ever"}]}, 'measures[0]: there is no event "purchas"'),
        ({"measures": [{"name": "m", "over": "ever"}]}, "measures[0]: a measure adds up"),
        ({"wallets": [{"name": "stamps", "expiry": "soon"}]}, "wallets[0].expiry: "),
        ({"filter_budget": {"most": 3}}, "filter_budget: a filter budget of 3 is above 2; say why, who and when"),
        ({"waivers": [{"property": "P4", "reason": "", "signed": "E", "on": "2026-01-01"}]}, "waivers[0]: "),
        ({"published": [{"name": "p", "points": "purchase.amout // 1 EUR"}]}, "published[0]: "),
        ({"pace": {"every": "2 weeks", "event": {"purchase.amout": "5"}}},
         'pace.event: there is no field "purchase.amout"; did you mean "purchase.amount"?'),
        ({"base_benefit": "purchase.amount"}, "base_benefit: "),
        ({"limits": {"splits": 3}}, "limits.splits: limits has no key 'splits'; did you mean \"split\"?"),
        ({"events": {"flight": {"miles": {"type": "hole", "low": 0, "high": 9}}}}, "events: "),
        ({"fields": {"purchas": {"litres": {"type": "flag"}}}}, "fields: "),
        ({"format": 2}, "format: format 2 is not known to this release; update the library"),
        ({"format": True}, "format: format True is not known to this release"),
        ({"format": "1"}, "format: format '1' is not known to this release"),
        ({5: 3}, "5: a program has no key 5"),
        ({10**5_000: 3}, "a number of about 5001 digits"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_part_is_told_with_its_path_and_remedy(parts, expected):
    found = told(lambda: Program.from_dict({**plain(), **parts}))

    assert len(found) == 1
    assert found[0].startswith(expected)


@pytest.mark.parametrize(
    ("tiers", "expected"),
    [
        ({"counts": "balance"}, 'tiers.counts: "balance" cannot be counted; count "points earned": redeeming must not demote'),
        ({"counts": {"measure": "dinning"}}, 'tiers.counts: there is no measure "dinning"; did you mean "dining"?'),
        ({"counts": {"relationship": {"purchase": 1}}}, "tiers.counts: a relationship score has no part 'purchase'; did you mean \"purchases\"?"),
        ({"counts": {"relationship": {"purchases": -1}}}, "tiers.counts: weight of purchases must be at least 0"),
        ({"counts": {"relationship": {}}}, "tiers.counts: relationship() needs at least one weight above 0"),
        ({"over": None}, "tiers.over: "),
        ({"tiers": [{"name": "A"}]}, "tiers: one tier is no tiers; list at least two"),
        ({"tiers": [{"name": "A", "at": 5}, {"name": "B", "at": 9}]}, "tiers.tiers[0].at: the first tier, A, starts at 5"),
        ({"tiers": [{"name": "A"}, {"name": "B", "at": 9}, {"name": "C", "at": 9}]}, "tiers.tiers[2].at: C does not start above B"),
        ({"tiers": [{"name": "A"}, {"name": "A", "at": 9}]}, 'tiers.tiers[1].name: the tier "A" stands twice'),
        ({"tiers": [{"name": "A"}, {"name": "B", "at": "9 EUR"}]}, "tiers.tiers[1].at: B starts at 9.00 EUR, and money is not what is counted"),
        ({"tiers": [{"name": "A"}, {"name": "B", "at": 9, "earns": "1/2"}]}, "tiers.tiers[1].earns: B would earn less than the base"),
        ({"tiers": [{"name": "A"}, {"name": "B", "at": 9, "earns": 2}], "of": "bass"}, 'tiers.of: there is no group "bass" for a tier to multiply; did you mean "base"?'),
        ({"falls": "at once"}, "tiers.falls: 'at once' is not known"),
        ({"thresholds": 3}, "tiers.thresholds: tiers has no key 'thresholds'"),
    ],
)  # fmt: skip
def test_a_mistake_in_tiers_is_told_with_its_path_and_remedy(tiers, expected):
    dining = {"name": "dining", "total": "purchase.amount", "over": "ever"}
    right = {"tiers": [{"name": "A"}, {"name": "B", "at": 9}], "counts": "visits", "over": "12 months"}

    found = of_dict(measures=[dining], tiers={**right, **tiers})

    assert len(found) == 1
    assert found[0].startswith(expected)


def test_one_mistake_is_not_told_as_two():
    """A group that cannot be read is no group that is missing."""
    broken = {"group": "base", "rules": [{"name": "one", "points": 1, "when": "purchase.amout > 1"}], "combine": "sum"}
    lost = {"group": "base", "rules": [{"name": "one", "pionts": 1}]}
    double = {"name": "double", "times": 2, "of": "base"}

    assert len(of_dict(earn=[broken, double])) == 1
    assert len(of_dict(earn=[lost, double])) == 1


def test_rules_keep_their_places_in_the_file_when_others_cannot_be_read():
    earn = [{"name": "a", "pionts": 1}, {"name": "b", "points": 1, "when": "purchase.amout > 1"}]

    assert [each.path for each in problems(lambda: Program.from_dict(plain(earn=earn)))] == [
        "earn[0].pionts",
        "earn[1].when",
    ]


def test_a_file_of_nothing_but_mistakes_tells_the_first_hundred():
    found = told(lambda: Program.from_dict(plain(earn=[{"name": f"r{each}", "pionts": 1} for each in range(300)])))

    assert len(found) == 101
    assert "these are the first 100 problems; mend them to see the rest" in found


def test_all_the_mistakes_of_python_come_at_once():
    dining = Measure("dining", total(purchase.amount), over="calendar quarter")
    found = told(
        lambda: program(
            BASE,
            EarnRule("double", times(2, of="bass")),
            EarnRule("app", points(5), when=Fuel.litres > 3),
            rule(1, "base"),
            EarnRule("flown", points(1), on=Flight),
            excludes=[line.category == "x", Card.staff],
            tiers=TierSet([Tier("A"), Tier("B", at=3)], counts=dining),
            rewards=[Reward("coffee", cost=5, wallet="stamps"), Reward("coffee", cost=6)],
            published=[Published("p", "flight.miles", on="flight")],
        )
    )

    assert found == [
        'earn: the name "base" stands twice; give each one its own',
        'earn[1].gives: there is no group "bass" to multiply; did you mean "base"?',
        (
            'earn[2].when: purchase has no field "litres"; it has amount, at, basis, category, channel, date, day, discount, hour, '
            "month, paid_with_points, payment, shipping, store, tags, tax, tip, weekday"
        ),
        'earn[4].on: there is no event "flight"; declare it: events=[Flight]',
        'excludes[1]: member has no field "staff"; it has tenure_days, tenure_months, tenure_years, tier',
        'tiers.counts: the measure "dining" is not declared; add it: measures=[dining]',
        'rewards: the name "coffee" stands twice; give each one its own',
        'rewards[0].wallet: no rule fills a wallet "stamps"; there are points',
        'published[0].on: there is no event "flight"; declare it: events=[Flight]',
    ]


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: program(earn=None), "earn"),
        (lambda: Program("x", version="1", currency="EUR", timezone="UTC", earn=["base"]), "earn[0]"),
        (lambda: program(rewards=["coffee"]), "rewards[0]"),
        (lambda: program(wallets=[3]), "wallets[0]"),
        (lambda: program(measures=["dining"]), "measures[0]"),
        (lambda: program(published=["rate"]), "published[0]"),
        (lambda: program(waivers=["all"]), "waivers[0]"),
        (lambda: program(tiers=["Gold"]), "tiers"),
        (lambda: program(cap=500), "cap"),
        (lambda: program(cap=Cap("5 EUR", "spend")), "cap"),
        (lambda: program(pace="weekly"), "pace"),
        (lambda: program(events=["flight"]), "events[0]"),
        (lambda: program(fields=[Flight]), "fields[0]"),
        (lambda: program(events=[Flight, Flight]), "events[1]"),
    ],
)
def test_a_part_of_the_wrong_kind_is_named(make, path):
    if path == "earn":
        with pytest.raises(TypeError):
            make()
        return
    assert [each.path for each in problems(make)] == [path]


@pytest.mark.parametrize(
    ("parts", "path", "message"),
    [
        ({"earn": [EarnRule("minus", rate("-3"))]}, "earn[0].gives", '"minus" can take points away from a purchase'),
        ({"earn": [EarnRule("minus", points(-5))]}, "earn[0].gives", "can take points away"),
        ({"earn": [EarnRule("minus", points(member.tenure_years - 5))]}, "earn[0].gives", "can take points away"),
        ({"earn": [EarnRule("x", points(1, per=5))]}, "earn[0].gives", "what is counted is money, and a step is 5"),
        ({"earn": [EarnRule("x", points(1, per="1 EUR", of=lines().quantity))]}, "earn[0].gives", "what is counted is a number"),
        ({"earn": [EarnRule("x", points(1, per="1 EUR"), on="visit")]}, "earn[0].gives", "a visit has no amount"),
        ({"earn": [EarnRule("x", points(member.tenure_years, per="1 EUR"))]}, "earn[0].gives", "points for a step are a constant"),
        ({"earn": [EarnRule("x", points(5), cap=Cap("5 EUR", "spend"))]}, "earn[0].gives", "a cap of spend needs an amount"),
        ({"earn": [EarnRule("x", rate("1"), cap=Cap("5 USD", "spend"))]}, "earn[0].gives", "in a program in EUR"),
        ({"earn": [EarnRule("x", points(10**15, per="0.01 EUR"))]}, "earn", "more than books keep exactly"),
        ({"earn": [Group("g", [rule(1, "a"), rule(1, "b", wallet="stamps")])]}, "earn[0]", "differ in wallet"),
        ({"earn": [Group("g", [rule(1, "a"), rule(1, "b", on="visit")])]}, "earn[0]", "differ in on"),
        ({"earn": [BASE, EarnRule("x", times(2, of="base")), EarnRule("y", times(2, of="x"))]}, "earn[2].gives", "is a multiplier itself"),
        ({"earn": [BASE, EarnRule("x", times(2, of="base"), on="visit")]}, "earn[1].on", "about another kind of event"),
        ({"rewards": [Reward("x", cost=5, when="redemption.hour")]}, "rewards[0].when", "is not true or false"),
        ({"rewards": [Reward("x", cost=5, when=purchase.amount > 5)]}, "rewards[0].when", 'there is no "purchase" to read'),
        ({"pace": Pace("2 weeks", event={"purchase.cofee": 1})}, "pace.event", 'there is no field "purchase.cofee"'),
        ({"wallets": [Wallet("s"), Wallet("s")]}, "wallets", 'the name "s" stands twice'),
        ({"tiers": TierSet([Tier("A"), Tier("B", at=3)], counts=relationship(purchases=1))}, "tiers.over", "it is not said over which time"),
        ({"measures": [Measure("m", count("flihgt"), over="ever")]}, "measures[0]", 'there is no event "flihgt"'),
        ({"rewards": [Reward("x", cost=5, minimum_basket="5 USD", worth="9 EUR")]}, "rewards[0].minimum_basket", "5.00 USD stands"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_refused_with_its_place(parts, path, message):
    parts = {"earn": [BASE], **parts}
    found = problems(lambda: program(*parts.pop("earn"), **parts))

    assert [each.path for each in found] == [path]
    assert message in str(found[0])
    assert found[0].remedy


def test_an_error_of_one_problem_reads_as_one_line():
    with pytest.raises(ProgramError) as caught:
        Program.from_dict(plain(rewards=[{"name": "x", "cost": 5, "when": "redemption.hour > 25 EUR"}]))

    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("rewards[0].when: ")
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "make",
    [
        lambda: TierSet(["A", "B"], counts="visits", over="12 months"),
        lambda: Tier(""),
        lambda: Tier(1),
        lambda: Tier("A", benefits="a table"),
        lambda: TierSet([Tier("A"), Tier("B", at=1)], counts="visits", over="12 months", kept=-1),
        lambda: Reward("x", cost=5, legal=["age"]),
        lambda: Reward("x", cost=5, security=["passport"]),
        lambda: Limits(split=-1),
        lambda: Limits(event_points=1.5),
        lambda: EarnRule("x", points(1), during=(1, 5)),
        lambda: EarnRule("x", points(1), during="2026-01-01"),
        lambda: EarnRule("x", points(1), message=5),
        lambda: EarnRule("x" * 101, points(1)),
        lambda: EarnRule("\ud800", points(1)),
        lambda: EarnRule("x"),
        lambda: EarnRule("x", times(2, of="base"), cap=Cap(5)),
        lambda: EarnRule("x", points(1), when=True),
        lambda: EarnRule("x", points(1), cap=5),
        lambda: Group("g", []),
        lambda: Group("g", [BASE], combine="most"),
        lambda: Group("g", [BASE], cap=Cap("5 EUR", "spend")),
        lambda: times("1/2", of="base"),
        relationship,
        lambda: Cap(1.5),
    ],
)
def test_a_part_that_cannot_be_is_refused_where_it_is_made(make):
    with pytest.raises(FidelityError):
        make()
