"""Words that press whoever reads them: no phrase of any book says them to anybody."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping

from fidelity import wording

__all__ = ["PRESSING", "phrases"]

#: Haste, threats, blame and the barker at the door, in both languages.
PRESSING = re.compile(
    r"""\b(
    # haste
    pay\ (now|up(?!\ to)|today|at\ once|promptly) | immediate\w* | at\ once\ or | without\ (further\ )?delay | asap
    | as\ soon\ as\ possible | promptly | right\ (now|away) | urgent\w* | urge[ds]? | hurry\w* | act\ (now|fast)
    | now\ or\ never | before\ it.?s\ too\ late | only\ today | today\ only | while\ (stocks?|it|they)\ lasts?
    | while\ you\ (still\ )?can | (do\ not|don.?t)\ (miss|wait|delay|lose)
    | pag(a|ue)\ (ya|ahora|hoy|enseguida) | inmediat\w* | cuanto\ antes | lo\ antes\ posible | brevedad
    | sin\ (más\ )?(demora|dilaci[oó]n|falta) | urgen\w* | ap[uú]r[aeo]\w* | (date|dese)\ prisa | corre\ que
    | ahora\ (o\ nunca|mismo) | antes\ de\ que\ sea | solo\ hoy | s[oó]lo\ por\ hoy | no\ dej(es|e)\ pasar | aprovech\w+
    # the last notice
    | (last|final|only|second|third)\ (chance|notice|warning|reminder|call|opportunity|demand)
    | ([uú]ltim|primer|segund|tercer)[oa]?s?\ (aviso|oportunidad|llamad|recordatorio|requerimiento|advertencia)\w*
    # threats
    | you\W{1,2}(will|ll|would|are\ about\ to|are\ going\ to|risk|could|may|might)\ (also\ )?(lose|losing|forfeit)
    | or\ else | or\ (you|we)\ will | otherwise\ (you|we) | you\ must | failure\ to | threat\w* | consequence\w*
    | lawyer\w* | lawsuit\w* | in\ court | legal\ action | debt\ collect\w* | collections?\ agenc\w*
    | perder[aá]s | perder[aá]\ (sus?|los?|las?|todo) | va[s]?\ a\ perder | (te|se|lo|la|los|las)\ pierd(as|a)
    | quedar[aá]s?\ sin | (de\ lo|en\ caso)\ contrario | o\ si\ no | at[eé]n(te|gase)\ a | amenaz\w* | consecuencia\w*
    | abogad\w+ | juzgado\w* | demanda\ judicial | acciones?\ legal\w* | embarg\w+ | tienes\ que | tiene\ que\ (pagar|abonar|llamar|responder|venir)
    | deb(es|e)\ (pagar|hacer|abonar|cumplir)
    # blame
    | your\ fault | you\ (have\ )?fail\w* | delinquen\w* | (tu|su)\ culpa | incumpli[óo]\w* | incumpliste | moros\w+
    )\b|[!¡]""",
    re.IGNORECASE | re.VERBOSE,
)


def phrases() -> Iterator[tuple[str, str]]:
    """Every phrase of every book, of every place and way to address people: where it stands, and its text."""
    for each in pkgutil.iter_modules(wording.__path__):
        module = importlib.import_module(f"{wording.__name__}.{each.name}")
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, Mapping):
                yield from _texts(f"{each.name}.{name}", value)


def _texts(where: str, book: Mapping[object, object]) -> Iterator[tuple[str, str]]:
    for name, value in book.items():
        if isinstance(value, str):
            yield f"{where}[{name}]", value
        elif isinstance(value, Mapping):
            yield from _texts(f"{where}[{name}]", value)
