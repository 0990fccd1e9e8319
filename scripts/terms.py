"""Keep the printed terms of every example as text, to be read through and compared: `python scripts/terms.py`."""

from __future__ import annotations

from pathlib import Path

from fidelity.testing import examples

TERMS = Path(__file__).parents[1] / "tests" / "rules" / "terms"
LANGUAGES = ("en", "es-MX", "es-ES")


def main() -> None:
    """Write the terms of every example in every language, and tell which ones changed."""
    kept = {each.name for each in TERMS.iterdir()} if TERMS.exists() else set()
    TERMS.mkdir(exist_ok=True)
    written = set()
    for name in examples.__all__:
        made = getattr(examples, name)
        for language in () if isinstance(made, type) else LANGUAGES:
            path = TERMS / f"{name}.{language}.txt"
            written.add(path.name)
            terms = made().explain(language)
            if path.name not in kept or path.read_text(encoding="utf-8") != terms:
                path.write_text(terms, encoding="utf-8")
                print(f"changed: {path.name}")
    for name in sorted(kept - written):
        (TERMS / name).unlink()
        print(f"gone: {name}")


if __name__ == "__main__":
    main()
