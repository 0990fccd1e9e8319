"""What is wrong with a program is told in Spanish as well: every problem that the tests of the rules provoke."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from fidelity.errors import FidelityError, LanguageError, Problem, ProgramError
from fidelity.loyalty import Loyalty
from fidelity.rules.program import Program
from fidelity.testing import examples
from fidelity.wording import es_problems
from fidelity.wording.problems import explain_error, explain_problem, sentence_in, untranslated
from tests.rules.programs import plain, program
from tests.rules.test_problems import ELEVEN_MISTAKES

ROOT = Path(__file__).parents[2]
#: Tests that make programs which cannot stand.
ROOMS = ("test_problems", "test_hardlines", "test_codec", "test_wallets", "test_words", "test_campaigns", "test_tiers")
#: Rooms that speak of events, facts and tables of data, not of programs.
RUNNING = (
    "admitting", "claims", "coding", "columnar", "columns", "discounting", "frames", "event_codec", "line_columns", "pricing", "redemption",
    "row_columns", "running", "warehouse", "warehouse_columns", "warehouse_query",
)  # fmt: skip
#: What is wanted is said by the part itself.
WHATEVER = (
    "ZZ is not ZZ",
    'a measure adds up (total = "purchase.amount"), counts (count = "purchase") or is a row of periods',
    'ZZ (streak = "visit", each = "calendar week")',
)
#: Words that no Spanish sentence has; what stands in quotation marks or code is the file's own.
ENGLISH = re.compile(r"\b(?:the|of|with|not|and|needs?|takes?|write|there|is|are|has|must|leave|it)\b")
LISTED = re.compile(r"\b(?:admite|hay|escribe|tiene|leer|usa|es una de) [\w ]+(?:, [\w ]+)+")
QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'|`[^`]*`|\([^)]*\)|\S*[=({\[]\S*|\S+…\S*')


def calls(function):
    """Every way in which pytest would call *function*; none if it asks for a fixture."""
    marks = [mark for mark in getattr(function, "pytestmark", ()) if mark.name == "parametrize"]
    if hasattr(function, "hypothesis"):
        return
    asked = set(function.__code__.co_varnames[: function.__code__.co_argcount])
    lists = []
    for mark in marks:
        names = (
            [each.strip() for each in mark.args[0].split(",")] if isinstance(mark.args[0], str) else list(mark.args[0])
        )
        asked -= set(names)
        rows = [row.values if isinstance(row, ParameterSet) else row for row in mark.args[1]]
        lists.append([dict(zip(names, row if len(names) > 1 else [row], strict=True)) for row in rows])
    for chosen in product(*lists) if not asked else ():
        yield {name: value for each in chosen for name, value in each.items()}


@pytest.fixture(scope="module")
def provoked():
    """The problems that the tests of these rooms provoke, whether or not a test looks at them."""
    found: dict[Problem, None] = {}
    made = ProgramError.__init__

    def noted(self, problems, **more):
        problems = tuple(problems)
        found.update(dict.fromkeys(problems))
        made(self, problems, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProgramError, "__init__", noted)
        for room in ROOMS:
            try:
                tests = import_module(f"tests.rules.{room}")
            except ModuleNotFoundError:
                continue
            for name, function in vars(tests).items():
                for arguments in calls(function) if name.startswith("test_") else ():
                    # Whether the test passes is seen elsewhere.
                    with suppress(BaseException):
                        function(**arguments)
    return list(found)


def english_in(text):
    return ENGLISH.findall(QUOTED.sub(" ", text))


def test_many_problems_are_provoked(provoked):
    assert len({each.message for each in provoked}) > 150


def test_every_problem_of_a_program_has_a_spanish_sentence(provoked):
    missing = {part for each in provoked for text in (each.message, each.remedy) for part in untranslated("es", text)}

    assert sorted(missing) == []


def test_no_english_is_left_in_a_spanish_problem(provoked):
    said = {sentence_in("es", text) for each in provoked for text in (each.message, each.remedy)}

    # What there is to choose from is listed as the file has it.
    assert [each for each in sorted(said) if english_in(LISTED.sub(" ", each))] == []


def test_english_stays_word_for_word(provoked):
    assert [each for each in provoked if explain_problem(each, "en") != str(each)] == []


def sentence_of(node):
    """The sentences that an expression of the source can be, each fact of theirs as ZZ."""
    match node:
        case ast.Constant(str() as text):
            return [text]
        case ast.JoinedStr(parts):
            return ["".join(each.value if isinstance(each, ast.Constant) else "ZZ" for each in parts)]
        case ast.IfExp(body=one, orelse=other):
            return sentence_of(one) + sentence_of(other)
        case ast.BoolOp(values=several):
            return [text for each in several for text in sentence_of(each)]
    return []


def sentences_of_the_rules():
    """Every sentence in the source of the rules that says what is wrong with a program, or what its audit finds."""
    for path in sorted((ROOT / "src" / "fidelity" / "rules").rglob("*.py")):
        if path.stem in RUNNING:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Assign([ast.Name("message" | "remedy" | "hint")], value):
                    said = sentence_of(value)
                case ast.Call(ast.Name("Problem"), [_, *told]):
                    said = [text for each in told for text in sentence_of(each)]
                case ast.Call(ast.Name(name), [first, *_]) if name.endswith("Error"):
                    said = sentence_of(first)
                case _:
                    continue
            yield from ((path.stem, text) for text in said if " " in text)


def test_every_sentence_of_the_rules_has_a_spanish_one():
    """A new sentence takes a line in fidelity/wording/es_problems_*.py: the words in English, the same in Spanish."""
    missing = {
        (room, part)
        for room, text in sentences_of_the_rules()
        for part in untranslated("es", text)
        if part.strip("Z ") and part not in WHATEVER
    }

    assert sorted(missing) == []


REFUSALS = (
    "UnknownMember", "AlreadyEnrolled", "UnknownReward", "UnknownHold", "HoldOver", "NotEnoughPoints", "NotNow",
    "UnknownOrigin", "UnknownRedemption", "NothingToUndo", "AccountFrozen", "AccountClosed", "OutOfTime", "OutOfStock",
    "UnknownVoucher", "VoucherOver", "IdempotencyConflict", "NothingToReinstate", "NothingOwed", "UnknownProtection",
)  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_what_members_are_refused_is_said_in_whole_spanish_sentences(name):
    from tests.loyalty.test_refusals import SCENES, opening, shop

    before, last = SCENES[name]
    loyalty = Loyalty(shop())
    loyalty.execute([*opening(), *before])
    with pytest.raises(FidelityError) as caught:
        loyalty.execute([last])
    said = explain_error(caught.value, "es-MX")

    assert type(caught.value).__name__ == name
    assert said != caught.value.message
    assert english_in(re.sub(r"now=event\.at|\bnow\b|restock", " ", said)) == []


@pytest.mark.parametrize(
    "english",
    [
        "the moon has no voucher of ana",
        "cup has a limit, and you have used it for now",
        "nobody is enrolled as 'zoe'; the moon is far",
        "purchase x is in USD and the program in EUR; convert it first",
        "the program has no referrals; add referrals=ReferralProgram(…) and the rules",
    ],
)
def test_a_sentence_is_translated_whole_or_left_whole(english):
    assert sentence_in("es-MX", english) == english
    assert explain_problem(Problem("earn[0]", 'the name "a" stands twice', english), "es").endswith(english)
    assert explain_problem(Problem("earn[0]", 'the name "a" stands twice', english), "es").startswith("earn[0]: the")


def test_filters_are_named_in_spanish():
    english = (
        '"cup" has 3 filters where 2 are allowed: minimum basket (50.00 EUR), channels (app, web), '
        "waiting time (3 days); cheapest to remove: channels (app, web) (principle R2)"
    )

    assert sentence_in("es", english) == (
        '"cup" tiene 3 filtros y se admiten 2: compra mínima (50.00 EUR), canales (app, web), espera (3 days); '
        "lo más barato de quitar: canales (app, web) (principio R2)"
    )


def test_facts_and_paths_stay_as_they_are():
    problem = Problem("earn[1].when", 'purchase has no field "amout"', 'did you mean "amount"?')

    assert explain_problem(problem, "es-MX") == (
        'earn[1].when: purchase no tiene ningún campo "amout"; ¿quisiste decir "amount"?'
    )


def test_all_the_mistakes_of_a_file_come_at_once_in_spanish():
    from fidelity.rules.spelling.files import read_toml

    with pytest.raises(ProgramError) as caught:
        Program.from_dict(read_toml(ELEVEN_MISTAKES))
    said = explain_error(caught.value, "es").splitlines()

    assert len(said) == len(caught.value.problems)
    assert 'tiers.counts: "point earned" no se puede contar; ¿quisiste decir "points earned"?' in said


def test_an_error_of_one_condition_is_told_in_spanish():
    with pytest.raises(ProgramError) as caught:
        Program.from_dict(plain(earn=[{"name": "base", "points": 1, "when": "purchase.amount >"}]))

    assert "se esperaba un campo, un número o un texto" in explain_error(caught.value, "es")


def test_what_the_catalogue_lacks_stays_english():
    strange = LanguageError("the moon is not made of cheese")

    assert untranslated("es", strange.message) == (strange.message,)
    assert explain_error(strange, "es") == strange.message


def test_a_fact_with_a_semicolon_parts_nothing():
    assert sentence_in("es", 'the name "a; b" stands twice; give each one its own') == (
        'el nombre "a; b" está dos veces; da a cada uno el suyo'
    )


def test_each_spanish_sentence_has_the_facts_of_the_english_one():
    def holes(text):
        return sorted(re.findall(r"\{[a-z]\}", text))

    wrong = [english for english, said in es_problems.SENTENCES.items() if set(holes(english)) != set(holes(said))]

    assert wrong == []


@pytest.mark.parametrize("name", [each for each in examples.__all__ if not isinstance(getattr(examples, each), type)])
def test_the_audit_of_every_example_is_told_in_spanish(name):
    audit = getattr(examples, name)().audit()

    said = audit.explain("es")

    assert [line for line in said.splitlines()[1:] if english_in(line)] == []
    assert audit.explain("en") == str(audit)


def test_the_class_of_a_program_is_told_in_spanish():
    assert "clase A (fila: el evento y los datos dados)" in program().audit().explain("es-MX")
