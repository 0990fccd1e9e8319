"""``python manage.py settle``: what to run once a night."""

from __future__ import annotations

from django.core.management.base import BaseCommand

import fidelity as fd
from shop.desk import loyalty


class Command(BaseCommand):
    """Write down what time has done, and give the amends of promises that were broken."""

    help = __doc__

    def handle(self, *_args: object, **_options: object) -> None:
        """Sweep all accounts, some at a time, each time in a transaction of its own."""
        swept = loyalty().settle()
        cared = fd.Care(loyalty()).settle(swept.at)
        done = ", ".join(f"{points} points {what}" for what, points in swept.points.items() if points)
        self.stdout.write(f"{swept.accounts} accounts settled: {done or 'nothing was due'}")
        self.stdout.write(f"{len(cared.broken)} promises made up for")
