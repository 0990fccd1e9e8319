"""How hard Hypothesis tries: HYPOTHESIS_PROFILE=dev (at the desk), ci (the gate, repeatable) or deep (a night)."""

import os

from hypothesis import HealthCheck, settings

# No deadline anywhere: a busy machine is not a broken law.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    max_examples=150,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "deep",
    max_examples=5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("FIDELITY_CI") == "1" else "dev"))
