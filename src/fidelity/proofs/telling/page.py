"""The report as one page of HTML: nothing is loaded, everything that the program says is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from fidelity.proofs.telling.text import assumptions, counts, details, headline, idle, title
from fidelity.proofs.telling.values import Teller
from fidelity.wording.phrasebook import place

if TYPE_CHECKING:
    from fidelity.proofs.report import ProofReport

__all__ = ["page"]

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.4rem}section,li{margin:.4rem 0}section{border-left:.35rem solid;padding:.1rem 1rem;border-radius:.2rem}
section h2{font-size:1rem;margin:.3rem 0}section p{margin:.15rem 0}
.refuted{border-color:#b3261e;background:#fdf1f0}.unknown{border-color:#9a6700;background:#fff8e6}
.waived{border-color:#5b4b8a;background:#f4f1fb}.proved{border-color:#1a7f37}
@media(prefers-color-scheme:dark){body{color:#e6e8eb;background:#14171a}.refuted{background:#331816}
.unknown{background:#312708}.waived{background:#231d36}}
"""


def page(report: ProofReport, language: str) -> str:
    """*report* as a page; see `ProofReport.to_html`."""
    teller = Teller(report.program, language)
    order = ("refuted", "unknown", "waived", "proved")
    findings = sorted(report.findings, key=lambda each: order.index(each.status))
    parts = []
    for each in findings:
        lines = "".join(f"<p>{escape(line)}</p>" for line in details(report, language, each))
        parts.append(
            f'<section class="{each.status}"><h2>{escape(headline(report, language, each))}</h2>{lines}</section>'
        )
    parts += [f'<section class="unknown"><p>! {escape(each)}</p></section>' for each in idle(report, language)]
    if report.holds:
        parts.insert(0, f"<p><strong>{escape(teller.say('held'))}</strong></p>")
    granted = "".join(f"<li>{escape(each)}</li>" for each in assumptions(report, language))
    name = escape(title(report, teller))
    return (
        f'<!DOCTYPE html><html lang="{escape(place(language).tag)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{name}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{name}</h1><p>{escape(counts(report, teller))}</p>{''.join(parts)}"
        f"<h2>{escape(teller.say('assumptions'))}</h2><ul>{granted}</ul></body></html>\n"
    )
