"""The journal of the how-to page passes the suite with all that it declares, as it stands on the page."""

from __future__ import annotations

import re
from pathlib import Path

from fidelity.journals import Journal
from fidelity.testing.suite import checks

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-your-own-journal.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
SHOP: dict[str, object] = {}
for block in BLOCKS[:2]:
    exec(compile(block, str(PAGE), "exec"), SHOP)  # noqa: S102  # the page itself is what is tested


class TestHowTo(SHOP["TestShopJournal"]):
    """What it does not declare is left out here, so that nothing is skipped unseen."""


for name, check in checks().items():
    if "snapshots" in getattr(check, "needs", ()):
        setattr(TestHowTo, name, None)


def test_the_example_is_short():
    assert len(BLOCKS[0].splitlines()) < 80


def test_it_declares_all_but_snapshots():
    left_out = [name for name, check in checks().items() if TestHowTo().missing(check)]

    assert [name.split("_")[1] for name in left_out] == ["81", "82"]


def test_it_is_a_journal(tmp_path):
    assert isinstance(SHOP["ShopJournal"](tmp_path / "shop.db"), Journal)
