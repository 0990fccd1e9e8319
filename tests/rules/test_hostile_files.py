"""Files that would hurt a naive reader end in one typed error, soon and with little memory (guarantee G16)."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from fidelity.errors import ProgramError
from fidelity.program_files import load
from fidelity.rules.program import Program
from fidelity.rules.spelling.files import MAX_FILE, MAX_WRITTEN, program_from_text
from tests.rules.programs import BASE, plain, program

#: What the guarantee says, and what a busy machine is forgiven.
SECONDS, PATIENCE = 0.1, 5
MEGABYTES = 64

J, T, Y = ".json", ".toml", ".yaml"
HEAD = '"name":"x","version":"1","currency":"EUR","timezone":"UTC"'
WHOLE = f'{{{HEAD},"earn":[{{"name":"b","points":1}}],"z":%s}}'
FRAME = 'name="x"\nversion="1"\ncurrency="EUR"\ntimezone="UTC"\n'
MB = MAX_FILE
KB = MAX_WRITTEN

HOSTILE = {
    "json 1e400": (WHOLE % "1e400", J),
    "json 1.5": (WHOLE % "1.5", J),
    "json NaN": (WHOLE % "NaN", J),
    "json -Infinity": (WHOLE % "-Infinity", J),
    "json a key twice": ('{"name":"x","name":"y"}', J),
    "json a key twice below": (WHOLE % '{"a":1,"a":2}', J),
    "json deep lists": ("[" * MB, J),
    "json deep tables": ('{"a":' * (MB // 5), J),
    "json deep and closed": (WHOLE % ("[" * 400_000 + "]" * 400_000), J),
    "json a hundred levels": (WHOLE % ("[" * 90 + "]" * 90), J),
    "json a huge number": (WHOLE % ("1" * 900_000), J),
    "json many long numbers": (WHOLE % ("[" + ",".join(["9" * 59] * 15_000) + "]"), J),
    "json a long fraction": (WHOLE % ("0." + "1" * 900_000), J),
    "json a huge exponent": (WHOLE % "1e999999999", J),
    "json escaped quotes": ('{"a":"' + '\\"' * 499_000, J),
    "json quotes": ('"' * MB, J),
    "json an open text": ('{"a":"' + "x" * 990_000, J),
    "json backslashes": ('{"a":"' + "\\" * 990_000, J),
    "json garbage": ("\x00\x01 garbage" * 90_000, J),
    "json half a character": (f'{{{HEAD},"earn":[{{"name":"\\ud800","points":1}}]}}', J),
    "json half a character as name": (f'{{{HEAD.replace("x", chr(92) + "ud800")},"earn":[]}}', J),
    "json a list": ("[]", J),
    "json nothing": ("", J),
    "json byte order mark": ("\ufeff{}", J),
    "json too many characters": ("x" * (MB + 1), J),
    "json deep condition": (WHOLE.replace('"points":1', '"points":1,"when":' + '{"not":' * 60 + "true" + "}" * 60) % "0", J),
    "json wide condition": (WHOLE.replace('"points":1', '"points":1,"when":{"or":[' + "true," * 9_000 + "true]}") % "0", J),
    "json long condition": (WHOLE.replace('"points":1', '"points":1,"when":"' + "(" * 900_000 + '"') % "0", J),
    "json deep condition in text": (WHOLE.replace('"points":1', '"points":1,"when":"' + "not " * 900 + 'true"') % "0", J),
    "toml a dotted key": (".".join(["a"] * (KB // 2 - 5)) + " = 1", T),
    "toml a dotted table": ("[" + ".".join(["a"] * (KB // 2 - 5)) + "]", T),
    "toml many dotted keys": ("\n".join("a." * 16 + f"k{each}=1" for each in range(1_500)), T),
    "toml many dotted quoted keys": ("\n".join('"a".' * 16 + f"k{each}=1" for each in range(800)), T),
    "toml deep lists": ("a = " + "[" * (KB - 10), T),
    "toml deep tables": ("a = " + "{a=" * (KB // 3 - 10), T),
    "toml hexadecimal": ("a = 0x" + "f" * (KB - 10), T),
    "toml binary": ("a = 0b" + "1" * (KB - 10), T),
    "toml underscores": ("a = " + "1_" * (KB // 2 - 10) + "1", T),
    "toml underscores at the limit": ("a = " + "1_" * 29 + "1", T),
    "toml 1.5": ("a = 1.5", T),
    "toml inf": ("a = inf", T),
    "toml nan": ("a = nan", T),
    "toml no such day": ("a = 2026-13-45", T),
    "toml a key twice": ('name="x"\nname="y"\n', T),
    "toml garbage": ("garbage\n" * 7_000, T),
    "toml many keys": ("\n".join(f"k{each}=1" for each in range(8_000)), T),
    "toml many tables": ("\n".join(f"[t{each}]" for each in range(7_000)), T),
    "toml many empty rules": (FRAME + "[[earn]]\n" * 6_000, T),
    "toml nested lists of tables": (FRAME + "\n".join("[[" + ".".join(["a"] * (each % 16 + 1)) + "]]" for each in range(2_500)), T),
    "toml an open text": ('a = "' + "x" * (KB - 10), T),
    "toml escaped quotes": ('a = "' + '\\"' * (KB // 2 - 10), T),
    "toml open lines": ('a = """' + "\n" * (KB - 10), T),
    "toml blanks": (" " * KB, T),
    "toml too many characters": ("#" * (KB + 1), T),
    "yaml billion laughs": ('a: &a ["x","x"]\n' + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]\n" for n in range(20)), Y),
    "yaml an anchor alone": ("a: &a 1", Y),
    "yaml a tag": ("a: !!python/object/apply:os.system [ls]", Y),
    "yaml a plain tag": ("a: !!str 1", Y),
    "yaml binary": ("a: !!binary xxx", Y),
    "yaml deep lists": ("[" * KB, Y),
    "yaml deep tables": ("{a: " * (KB // 4), Y),
    "yaml deep items": ("- " * (KB // 2), Y),
    "yaml deep keys": ("? " * (KB // 2), Y),
    "yaml deep indents": ("\n".join(" " * each + "a:" for each in range(340)), Y),
    "yaml base 60": ("a: " + ":".join(["1"] * (KB // 2 - 10)), Y),
    "yaml base 60 in short": ("a: 1:20:30", Y),
    "yaml a huge number": ("a: " + "1" * (KB - 10), Y),
    "yaml underscores": ("a: " + "1_" * (KB // 2 - 10) + "1", Y),
    "yaml hexadecimal": ("a: 0x" + "f" * (KB - 10), Y),
    "yaml octal": ("a: 017", Y),
    "yaml 1.5": ("a: 1.5", Y),
    "yaml .nan": ("a: .nan", Y),
    "yaml .inf": ("a: -.inf", Y),
    "yaml a key twice": ("name: x\nname: y", Y),
    "yaml a merge": ("<<: {name: x}\nversion: '1'", Y),
    "yaml a list as key": ("[1, 2]: 3", Y),
    "yaml nothing as key": ("? \n: 1", Y),
    "yaml no such day": ("a: 2026-99-99", Y),
    "yaml two documents": ("a: 1\n---\nb: 2", Y),
    "yaml another version": ("%YAML 9.9\n---\na: 1", Y),
    "yaml garbage": ("garbage: [\n" * 5_000, Y),
    "yaml control characters": ("\x00\x01" * 1_000, Y),
    "yaml half a character": ('name: "\\ud800"', Y),
    "yaml prose": ("lorem ipsum dolor " * 3_500, Y),
    "yaml lines": ("lorem ipsum\n" * 5_000, Y),
    "yaml many keys": ("\n".join(f"k{each}: 1" for each in range(6_000)), Y),
    "yaml many items": ("- 1\n" * 15_000, Y),
    "yaml colons": (":" * KB, Y),
    "yaml quotes": ("'" * KB, Y),
    "yaml an open text": ('"' + "\\n" * (KB // 2 - 10), Y),
    "yaml a long block": ("a: |\n" + " x\n" * 20_000, Y),
    "yaml comments": ("#" * KB, Y),
    "yaml too many characters": ("#" * (KB + 1), Y),
    "another format": ("x", ".ini"),
    "no format": ("x", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_ends_in_a_typed_error_soon(case):
    text, suffix = HOSTILE[case]
    if suffix == Y:
        pytest.importorskip("yaml")

    # The collector would walk all that the other tests left behind, and their time is not the file's.
    gc.collect()
    gc.freeze()
    began = time.process_time()
    with pytest.raises(ProgramError) as caught:
        program_from_text(text, suffix)
    took = time.process_time() - began
    gc.unfreeze()

    assert took < SECONDS * PATIENCE
    assert len(str(caught.value)) < 40_000


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("json deep lists", "more than 100 levels of brackets"),
        ("json deep and closed", "more than 100 levels of brackets"),
        ("json too many characters", "1,000,001 characters where 1,000,000 are allowed; split the program"),
        (
            "toml too many characters",
            "64,001 characters where 64,000 are allowed; write a program of this size as JSON",
        ),
        ("yaml too many characters", "64,001 characters where 64,000 are allowed"),
        ("toml a dotted key", "a key with more than 16 dots"),
        ("yaml deep lists", "more than 100 levels"),
        ("yaml billion laughs", "anchors and aliases"),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_read(case, message):
    with pytest.raises(ProgramError, match=message) as caught:
        program_from_text(*HOSTILE[case])

    assert [each.code for each in caught.value.problems] == ["too large"]


def test_no_hostile_file_takes_much_memory():
    worst = {}
    for case, (text, suffix) in HOSTILE.items():
        if len(text) < 500_000 or suffix == Y:  # a small file takes little; what libyaml takes is not Python's
            continue
        tracemalloc.start()
        with pytest.raises(ProgramError):
            program_from_text(text, suffix)
        worst[case] = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()

    assert {case: each for case, each in worst.items() if each > MEGABYTES} == {}


def test_a_list_of_more_parts_than_anybody_writes_is_refused():
    tiny = ",".join(f'{{"name":"r{each}","points":1}}' for each in range(30_000))

    with pytest.raises(ProgramError, match="30,000 parts where 20,000 are allowed"):
        program_from_text(f'{{{HEAD},"earn":[{tiny}]}}', J)


def test_a_large_program_of_small_rules_is_read():
    tiny = ",".join(f'{{"name":"r{each}","points":1}}' for each in range(1_000))

    assert len(program_from_text(f'{{{HEAD},"earn":[{tiny}]}}', J).rules) == 1_000


def test_texts_in_a_file_may_hold_brackets_quotes_and_dots():
    words = 'a [[[ and a "quoted" one, { } ' + "." * 90
    data = plain(earn=[{"name": "base", "points": 1, "message": words + "[" * 200}])
    made = Program.from_dict(data)

    assert program_from_text(made.to_json(), J) == made
    toml = FRAME + "# " + "[" * 300 + "\n# " + "." * 300 + '\n[[earn]]\nname = "b"\npoints = 1\nmessage = "[[[[ {"\n'
    assert program_from_text(toml, T).rules[0].message == "[[[[ {"


# -- from disk


TOML = """
name = "Café Aurora"
version = "1"
currency = "EUR"
timezone = "Europe/Madrid"

[[earn]]
name = "base"
points = 1
per = "1 EUR"
"""
YAML = """
name: Café Aurora
version: "1"
currency: EUR
timezone: Europe/Madrid
earn:
  - name: base
    points: 1
    per: 1 EUR
"""


@pytest.mark.parametrize("suffix", [".json", ".toml", ".yaml", ".yml", ".TOML"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_program_is_loaded_from_a_file_of_each_format(tmp_path, suffix, mark):
    texts = {".json": program().to_json(), ".toml": TOML, ".yaml": YAML, ".yml": YAML}
    path = tmp_path / f"aurora{suffix}"
    path.write_text(mark + texts[suffix.lower()], encoding="utf-8")

    assert load(path) == load(str(path)) == program(BASE)


def test_yaml_keeps_its_hands_off_words():
    """In YAML 1.1 `on` is true and `no` is false; a rule has the key `on`, and Norway the code `no`."""
    text = (
        YAML
        + "  - name: opinion\n    points: 20\n    on: feedback\n    message: no\n    during: [2026-06-01, '2026-06-30']\n"
    )

    made = program_from_text(text, Y)

    assert (made.rules[1].on, made.rules[1].message) == ("feedback", "no")
    assert str(made.rules[1].during[0]) == "2026-06-01"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff\xfe\x00", r"aurora.toml is not UTF-8 text \(byte 0\); save it as UTF-8"),
        ("name = 'Café'".encode("latin-1"), r"aurora.toml is not UTF-8 text \(byte 11\)"),
        (b"name = 'x'\n\xed\xa0\x80", "not UTF-8"),
        (b"", "program: 5 problems"),
        (b"x" * (MAX_FILE + 1), "has more than 1,000,000 bytes; split the program"),
        ("é".encode() * (MAX_FILE // 2 + 1), "has more than 1,000,000 bytes"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_text_or_too_long_is_refused(tmp_path, raw, message):
    path = tmp_path / "aurora.toml"
    path.write_bytes(raw)

    with pytest.raises(ProgramError, match=message):
        load(path)


def test_a_file_that_is_not_there_is_the_system_s_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nowhere.toml")


def test_reading_json_and_toml_needs_no_yaml():
    script = (
        "import sys; sys.modules['yaml'] = None\n"
        "from fidelity.rules.spelling.files import read_yaml, read_toml\n"
        "from fidelity.errors import MissingExtra\n"
        "assert read_toml('a = 1') == {'a': 1}\n"
        "try: read_yaml('a: 1')\n"
        "except MissingExtra as error: print(error)\n"
    )
    root = Path(__file__).parents[2]
    words = {"PYTHONPATH": str(root / "src")}
    run = subprocess.run([sys.executable, "-c", script], env=words, capture_output=True, text=True, check=True)

    assert run.stdout == "reading YAML needs yaml: pip install 'fidelity-loyalty[yaml]'\n"
