"""The phrases in English, as plain data. `es` holds the same keys with the same parts."""

from __future__ import annotations

from fidelity.wording import (
    en_campaigns,
    en_care,
    en_care_dignity,
    en_care_staff,
    en_discounts,
    en_journey_results,
    en_journeys,
    en_life,
    en_notices,
    en_proofs,
    en_rewards,
    en_simulation,
    en_terms,
    en_tiers,
)  # fmt: skip

__all__ = ["PHRASES"]

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = {
    "monday": "Monday", "tuesday": "Tuesday", "wednesday": "Wednesday", "thursday": "Thursday",
    "friday": "Friday", "saturday": "Saturday", "sunday": "Sunday",
}  # fmt: skip
UNITS = {
    "minutes": ("minute", "minutes"), "hours": ("hour", "hours"), "days": ("day", "days"),
    "weeks": ("week", "weeks"), "months": ("month", "months"), "years": ("year", "years"),
}  # fmt: skip
#: What a wallet holds, one and many.
WALLETS = {
    "points": ("point", "points"), "stamps": ("stamp", "stamps"), "stars": ("star", "stars"),
    "miles": ("mile", "miles"), "vouchers": ("voucher", "vouchers"), "coins": ("coin", "coins"),
    "credits": ("credit", "credits"),
}  # fmt: skip
#: Words that follow what a wallet holds; here always the same.
AGREES = ({"the": "the", "them": "them", "as_many": "as many", "earned": "earned"},) * 2
FEMININE: frozenset[str] = frozenset()
#: Currencies by name: one and many.
CURRENCIES = {
    "EUR": ("euro", "euros"), "USD": ("dollar", "dollars"), "MXN": ("peso", "pesos"), "GBP": ("pound", "pounds"),
    "JPY": ("yen", "yen"), "ARS": ("peso", "pesos"), "COP": ("peso", "pesos"), "CLP": ("peso", "pesos"),
}  # fmt: skip
TIMES = {1: "once", 2: "twice"}
CITIES: dict[str, str] = {}
#: Codes that could be taken for words of the sentence: they stand in quotation marks.
SMALL_WORDS = frozenset(
    (  # noqa: SIM905 -- words read best as text
        "and or nor not no of in on at by to the if is are was were for from with without more less than plus minus "
        "times otherwise other any your you exactly between before after later earlier higher lower yes both included "
        "which case whether rounded down up over lines items"
    ).split()
)
#: Whether a list after "not" repeats its preposition: "ni en sábado ni en domingo".
REPEATS = False

#: Verbs of conditions: one and many now, one and many then.
VERBS = {
    "is": ("is", "are", "was", "were"),
    "does": ("does", "do", "did", "did"),
    "comes": ("comes", "come", "came", "came"),
    "takes": ("takes", "take", "took", "took"),
    "falls": ("falls", "fall", "fell", "fell"),
    "applies": ("applies", "apply", "applied", "applied"),
    "carries": ("carries", "carry", "carried", "carried"),
    "includes": ("includes", "include", "included", "included"),
    "holds": ("holds", "hold", "held", "held"),
    "one_holds": ("holds", "holds", "held", "held"),
    "have": ("have", "have", "had", "had"),
    "do": ("do", "do", "did", "did"),
    "reaches": ("reaches", "reach", "reached", "reached"),
    "complete": ("complete", "complete", "completed", "completed"),
}

#: Who or what a field belongs to.
SUBJECTS = {
    "purchase": "the purchase", "visit": "the visit", "feedback": "the opinion", "participation": "the activity",
    "referral": "the recommendation", "referred": "the welcome",
    "anniversary": "the anniversary", "birthday": "the birthday",
    "redemption": "the redemption",
    "line": "the item",
}  # fmt: skip
#: Codes that have a plain way to say them.
CHANNELS = {
    "app": "in the app", "store": "in store", "online": "online", "web": "on the web", "phone": "by phone",
}  # fmt: skip
PAYMENTS = {"card": "by card", "cash": "in cash", "wallet": "from the wallet", "points": "with points"}
#: The article of a built-in field, by path or name; the empty name stands for all others.
ARTICLES = {"": "the"}
#: How a label that is a whole noun phrase begins.
DETERMINERS = ("the ", "your ", "its ")
#: Labels of hosts that stand for many: "the miles flown".
MANY_LABELS = r"(?:the|your|its) \w*[^\Wsu]s\b"
#: Built-in fields that stand for many.
MANY = ("tags", "tenure_days", "tenure_months", "tenure_years", "years")

PHRASES = {
    # Joining
    "and": "and", "or": "or", "nor": "or", "quoted": "“*”", "yes": "yes", "no": "no", "pin": "PIN",
    "wallet.other": "{points} in “{name}”", "times": "{n} times", "no code": "“”",
    # Time
    "day": "{day} {month} {year}", "zone": "{city} time",
    "per.day": "a day", "per.week": "per calendar week", "per.month": "per calendar month",
    "per.quarter": "per calendar quarter", "per.half-year": "per calendar half-year", "per.year": "per calendar year",
    "per.membership": "per membership year", "per.rolling": "in any {duration}", "per.ever": "in all",
    "once only": "only once", "times a day": "{times} a day", "limit.none": "no limit",
    # Nouns of conditions
    "noun": "{label} of {owner}", "noun.in": "{label} in {owner}", "noun.yours": "{your} {label}", "your": "your",
    "your.many": "your",
    "noun.host": "the value of {label} in {owner}", "noun.host.yours": "your {label}",
    "noun.measure": "your total of {label}", "event.other": "the event {name}", "you": "you", "you.subject": "you",
    "your tier": "your tier",
    "lines.quantity": "the quantity of items{which}", "lines.amount": "the amount of items{which}",
    "lines.count": "the number of lines{which}", "lines.sum": "the sum over the items{which} of {value}",
    "which.category": " of category {x}", "which.tags": " with the tag {x}", "which.sku": " of article {x}",
    "which": " (only if {condition})",
    "count": "the number of {label} of {owner}",
    # Arithmetic
    "plus": "{a} plus {b}", "minus": "{a} minus {b}", "negative": "minus {a}", "product": "{a} times {b}",
    "times over": "{a} times {b}",
    "divide": "{a} divided by {b}", "whole times": "the number of whole times that {b} goes into {a}",
    "remainder": "the remainder of {a} divided by {b}", "size": "{a} without its sign",
    "min": "the lowest of ({items})", "max": "the highest of ({items})",
    "floor": "{a} rounded down", "ceil": "{a} rounded up",
    "half even": "{a} rounded to the nearest whole number, halves to the even one",
    "half up": "{a} rounded to the nearest whole number, halves up", "in steps": "{a}, in steps of {unit}",
    "arm": "{value} if {condition}", "arm.if": "if {condition}, then {value}", "otherwise": "otherwise {value}",
    "row": "{value} for {x}", "row.other": "{value} for any other", "table": "depending on {key}: {rows}",
    "whether": "whether {condition}", "opaque": "the condition {name}",
    # Quantities
    "q.==": "exactly {x}", "q.<": "less than {x}", "q.<=": "{x} or less", "q.>": "more than {x}",
    "q.>=": "{x} or more", "q.between": "between {low} and {high} (both included)",
    # Clauses: a predicate and its denial
    "reaches": "{reaches} {x} with it", "reaches/not": "{does} not reach {x} with it",
    "number": "{is} {x}", "number/not": "{is} not {x}",
    "sum": "{is} {x}", "sum/not": "{is} not {x}",
    "against.==": "{is} equal to {x}", "against.!=": "{is} not equal to {x}", "against.<": "{is} less than {x}",
    "against.<=": "{is} at most {x}", "against.>": "{is} more than {x}", "against.>=": "{is} at least {x}",
    "purchase.amount": "{comes} to {x}", "purchase.amount/not": "{does} not come to {x}",
    "tenure": "{have} been a customer for {x}", "tenure/not": "{have} not been a customer for {x}",
    "years": "{complete} {x} with us", "years/not": "{do} not complete {x} with us",
    "category": "{is} in the category {x}", "category/not": "{is} not in the category {x}",
    "topic": "{is} about {x}", "topic/not": "{is} not about {x}",
    "paid": "{is} paid {x}", "paid/not": "{is} not paid {x}",
    "choice": "{is} {x}", "choice/not": "{is} not {x}",
    "choice.>=": "{x} or higher", "choice.>": "higher than {x}", "choice.<=": "{x} or lower",
    "choice.<": "lower than {x}",
    "tag": "{carries} the tag {x}", "tag/not": "{does} not carry the tag {x}",
    "has": "{includes} {x}", "has/not": "{does} not include {x}",
    "flag": "{label} {applies} to {owner}", "flag/not": "{label} {does} not apply to {owner}",
    "always": "this always {holds}", "never": "this never {holds}", "named": "{holds}", "named/not": "{does} not hold",
    # Places and times of an event
    "happens": "{takes} place", "happens/not": "{does} not take place",
    "happens.purchase": "{is} made", "happens.purchase/not": "{is} not made",
    "happens.visit": "{takes} place", "happens.visit/not": "{does} not take place",
    "happens.feedback": "{is} given", "happens.feedback/not": "{is} not given",
    "happens.participation": "{takes} place", "happens.participation/not": "{does} not take place",
    "happens.referral": "{is} made", "happens.referral/not": "{is} not made",
    "happens.referred": "{takes} place", "happens.referred/not": "{does} not take place",
    "happens.anniversary": "{falls}", "happens.anniversary/not": "{does} not fall",
    "happens.birthday": "{falls}", "happens.birthday/not": "{does} not fall",
    "happens.redemption": "{is} made", "happens.redemption/not": "{is} not made",
    "on.weekday": "on {x}", "each.weekday": "a {x}", "on.hour": "in the hour that starts at {x}", "each.hour": "{x}",
    "each.at": "{x}", "each.at.one": "{x}",
    "each.hour.one": "{x}",
    "hour.>=": "at {x} or later", "hour.>": "after {x}", "hour.<": "before {x}", "hour.<=": "no later than {x}",
    "on.month": "in {x}", "month.>=": "in {x} or a later month", "month.>": "in a month after {x}",
    "month.<=": "in {x} or an earlier month", "month.<": "in a month before {x}",
    "on.day": "on day {x} of the month", "day.>=": "on day {x} of the month or later",
    "day.>": "after day {x} of the month",
    "day.<=": "on day {x} of the month or earlier", "day.<": "before day {x} of the month",
    "on.date": "on {x}", "date.>=": "on {x} or later", "date.>": "after {x}", "date.<=": "on {x} or earlier",
    "date.<": "before {x}", "date.between": "from {low} to {high} (both included)",
    "is.date": "{is} {x}", "is.date/not": "{is} not {x}", "is.date.==": "{x}", "is.date.>=": "{x} or later",
    "is.date.>": "later than {x}",
    "is.date.<=": "{x} or earlier", "is.date.<": "earlier than {x}",
    "is.date.between": "between {low} and {high} (both included)",
    "on.channel": "through the channel {x}", "channel.none": "with no channel given", "on.store": "in the store {x}",
    "on.payment": "with the means of payment {x}",
    # Lists of conditions
    "all of": "all of these {holds}: {items}", "any of": "at least one of these {one_holds}: {items}",
    "not all": "these {do} not all hold: {items}", "none of": "none of these {one_holds}: {items}",
    "not": "it is not true that {condition}",
    # Terms, reasons and notices
    **en_terms.PHRASES,
    **en_tiers.PHRASES,
    **en_rewards.PHRASES,
    **en_simulation.PHRASES,
    **en_notices.PHRASES,
    **en_campaigns.PHRASES,
    **en_care.PHRASES,
    **en_care_dignity.PHRASES,
    **en_care_staff.PHRASES,
    **en_discounts.PHRASES,
    **en_life.PHRASES,
    **en_proofs.PHRASES,
    **en_journeys.PHRASES,
    **en_journey_results.PHRASES,
}  # fmt: skip

#: What is said otherwise in one place.
REGIONAL: dict[str, dict[str, str]] = {"en-US": {"day": "{month} {day}, {year}"}}
