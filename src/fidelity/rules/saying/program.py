"""A program as printed terms, in English and Spanish.

Knows which phrase belongs to which part; the phrases themselves live in `wording`, conditions are said by
`language.sentences`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fidelity.language.formulas import formula
from fidelity.language.schema import Schema
from fidelity.language.sentences import amount_phrase, sentence
from fidelity.language.tree import Field, Literal, Node, OverLines, fields_of
from fidelity.rules.earning.amounts import Points, Rate
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import GIVEN
from fidelity.rules.earning.referrals import referral_lines
from fidelity.rules.earning.rules import MAIN_WALLET, POLICIES, EarnRule, Group, Wallet
from fidelity.rules.saying.basis import basis_lines, whole_lines
from fidelity.rules.saying.campaigns import campaign_lines
from fidelity.rules.saying.claims import claim_lines
from fidelity.rules.saying.discounts import discount_lines
from fidelity.rules.saying.gives import counts_items, what_it_gives
from fidelity.rules.saying.life import life_lines
from fidelity.rules.saying.milestones import milestone_lines
from fidelity.rules.saying.rewards import reward_lines
from fidelity.rules.saying.tiers import tier_lines
from fidelity.values.money import Money
from fidelity.wording import dates, numbers
from fidelity.wording import program as said_program
from fidelity.wording import terms as said
from fidelity.wording.phrasebook import capital, listing, phrase, quoted

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["explain_program"]


def explain_program(program: Program, language: str, *, formal: bool = False) -> str:
    """*program* as printed terms; see `Program.explain`."""
    terms = _Terms(program, language, formal=formal)
    sections = [
        terms.title(), terms.earning(), terms.tiers(), terms.discounts(), terms.rewards(), terms.expiry(),
        terms.general(),
    ]  # fmt: skip
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


class _Terms:
    """Says one program in one language."""

    def __init__(self, program: Program, language: str, *, formal: bool) -> None:
        self.program = program
        self.language = program.tongue(language)
        self.formal = formal

    def _heading(self, section: str) -> str:
        return said.heading(self.language, section, formal=self.formal)

    def title(self) -> list[str]:
        program = self.program
        return said_program.title(self.language, program.name, program.version, program.effective)

    # -- earning

    def earning(self) -> list[str]:
        lines = [self._heading("earn")]
        for group in self.program.groups:
            for rule in group.rules:
                self._below: list[str] = []
                lines.append(f"- {self._rule(rule)}")
                lines.extend(f"  {each}" for each in self._below)
            if len(group.rules) > 1 or group.cap is not None:
                lines.extend(f"  {each}" for each in self._together(group))
        lines.extend(campaign_lines(self.program, self.language))
        lines.extend(referral_lines(self.program, self.language, formal=self.formal))
        lines.extend(milestone_lines(self.program, self.language, formal=self.formal))
        for measure in self.program.measure_terms:
            schema = self.program.declared.aggregates(measure.aggregate.on)
            of = amount_phrase(measure.aggregate.value, schema, self.language, formal=self.formal)
            if measure.aggregate.value == Literal(1):
                of = (
                    phrase(self.language, f"counts.{measure.aggregate.on}")
                    if self._counts(measure.aggregate.on)
                    else of
                )
            match measure.aggregate.value:
                case Field(path) if path.startswith(f"{GIVEN}."):
                    of = said.points_of(self.language, path.partition(".")[2])
            when = "" if measure.aggregate.when is None else self._sentence(measure.aggregate.when, schema)
            say = said.streak if measure.streak else said.measure
            lines.append(f"- {say(self.language, measure.name, of, measure.over, when, formal=self.formal)}")
        lines.extend(f"- {self._excluded(node)}" for node in self.program.excludes)
        if self.program.cap is not None:
            lines.append(f"- {capital(self._cap(self.program.cap, MAIN_WALLET))}.")
        return lines

    def _counts(self, kind: str) -> bool:
        return kind in ("purchase", "visit", "feedback", "participation")

    def _rule(self, rule: EarnRule) -> str:
        schema = self.program.declared.schema(rule.on)
        parts = [said.occasion(self.language, rule.on, formal=self.formal)]
        if rule.partner:
            parts.append(phrase(self.language, "with.partner", partner=quoted(self.language, rule.partner)))
        if rule.when is not None:
            parts.append(said.condition(self.language, self._sentence(rule.when, schema)))
        if rule.during is not None:
            parts.append(said.between_days(self.language, *rule.during))
        if rule.limit is not None:
            parts.append(said.limit(self.language, rule.limit.count, rule.limit.window))
        if rule.cap is not None:
            parts.append(self._cap(rule.cap, rule.wallet))
        if isinstance(rule.gives, Points) and rule.gives.per is not None and not counts_items(rule):
            # Whole steps are rounded by themselves; the rest of the event once, as the general terms say.
            parts.append(said.rounding(self.language, "floor"))
        elif isinstance(rule.gives, Rate) and rule.gives.of is None:
            parts.append(phrase(self.language, "in proportion"))
        if isinstance(rule.gives, Points) and rule.gives.each == "line":
            parts.append(phrase(self.language, "line.each"))
        what = self._what(rule, schema)
        if not what:
            alone = [
                phrase(self.language, f"alone.{kind}", formal=self.formal, text=text) for kind, _, text in rule.effects
            ]
            return said.rule(self.language, rule.name, listing(self.language, alone), *parts)
        effects = [said_program.effect(self.language, kind, text, formal=self.formal) for kind, _, text in rule.effects]
        return " ".join([said.rule(self.language, rule.name, what, *parts), *effects])

    def _what(self, rule: EarnRule, schema: Schema) -> str:
        program, language = self.program, self.language

        def say(node: Node) -> str:
            return self._formula(node, schema)

        return what_it_gives(rule, schema, program, language, say, formal=self.formal)

    def _together(self, group: Group) -> list[str]:
        most = "" if group.cap is None else self._cap(group.cap, group.rules[0].wallet)
        if len(group.rules) > 1:
            return said.combine(self.language, group.combine, most)
        return [f"{capital(most)}."] if most else []

    def _cap(self, cap: Cap, wallet: str) -> str:
        most = self._most(cap, wallet)
        return most if cap.exceeded == "reduce" else phrase(self.language, "cap.reject", cap=most)

    def _most(self, cap: Cap, wallet: str) -> str:
        if isinstance(cap.most, Money):
            return phrase(
                self.language, "cap.spend", amount=said.step(self.language, cap.most), per=self._per(cap)
            ).strip()
        if cap.per is None:
            return phrase(self.language, "cap.event", points=self._points(cap.most, wallet))
        return said.cap(self.language, cap.most, cap.per, wallet)

    def _per(self, cap: Cap) -> str:
        return "" if cap.per is None else dates.per(self.language, cap.per)

    def _points(self, number: int, wallet: str) -> str:
        return numbers.points(self.language, number, wallet)

    def _excluded(self, node: Node) -> str:
        owners = {each.partition(".")[0] for each in fields_of(node)}
        kind = next((each for each in owners if each in self.program.declared.events), "purchase")
        schema = self.program.declared.schema(kind)
        if owners == {"line"}:
            what = amount_phrase(OverLines(Field("line.amount"), node), schema, self.language, formal=self.formal)
            return phrase(self.language, "excluded.lines", what=what)
        return phrase(self.language, "excluded.event", condition=self._sentence(node, schema))

    # -- the rest

    def tiers(self) -> list[str]:
        lines = tier_lines(self.program, self.language, formal=self.formal)
        return [self._heading("tiers"), *lines] if lines else []

    def discounts(self) -> list[str]:
        return list(discount_lines(self.program, self.language, formal=self.formal))

    def rewards(self) -> list[str]:
        if not self.program.rewards and not self.program.conversions:
            return []
        told = reward_lines(self.program, self.language, formal=self.formal)
        return [self._heading("rewards"), *told]

    def expiry(self) -> list[str]:
        lines = [self._heading("expiry")]
        for each in self._wallets():
            lines += [f"- {said}" for said in life_lines(self.program, each, self.language, formal=self.formal)]
        return lines

    def _wallets(self) -> list[Wallet]:
        """The wallets whose terms are said: the main one first, if anything fills it or it has terms of its own."""
        declared = {each.name: each for each in self.program.wallets}
        main = declared.pop(MAIN_WALLET, None)
        if main is None and any(each.wallet == MAIN_WALLET for each in self.program.rules if each.gives is not None):
            main = Wallet(MAIN_WALLET)
        return [*([main] if main is not None else []), *declared.values()]

    def _policies(self, *names: str) -> list[str]:
        """What the wallets say of these policies, where it is not what most say."""
        return [
            f"- {said_program.policy(self.language, said_so, each.name, formal=self.formal)}"
            for name in names
            for each in self._wallets()
            if (said_so := getattr(each, name)) != POLICIES[name][0]
        ]

    def general(self) -> list[str]:
        language, formal, program = self.language, self.formal, self.program
        lines = [self._heading("general"), f"- {said_program.free(language, formal=formal)}"]
        lines += [f"- {each}" for each in basis_lines(program, language)]
        lines += [f"- {each}" for each in whole_lines(program, language)]
        lines += self._policies("order")
        lines.append(f"- {said_program.returns(language, formal=formal)}")
        lines += self._policies("clawback", "transfers")
        lines += claim_lines(program, language, formal=formal)
        lines.append(f"- {said_program.clock(language, program.zone)}")
        return lines

    # -- conditions and amounts

    def _sentence(self, node: Node, schema: Schema) -> str:
        return sentence(node, schema, self.language, zone=self.program.zone, formal=self.formal)

    def _amount(self, node: Node, schema: Schema) -> str:
        return amount_phrase(node, schema, self.language, zone=self.program.zone, formal=self.formal)

    def _formula(self, node: Node, schema: Schema) -> str:
        """A formula in one phrase; its tables stand below the rule."""
        found = formula(node, schema, self.language, zone=self.program.zone, formal=self.formal)
        self._below += found.rows
        return found.text
