import subprocess
import sys

import fidelity
from fidelity import journey


def test_the_room_opens_when_it_is_asked_for():
    asked = (
        "import sys, fidelity; assert 'fidelity.journey' not in sys.modules; print(fidelity.journey.Journey.__name__)"
    )

    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "Journey"
    assert fidelity.journey is journey
    assert "journey" not in fidelity.__all__


def test_every_name_of_the_room_is_there_and_told():
    assert [name for name in journey.__all__ if not (getattr(journey, name).__doc__ or "").strip()] == []
