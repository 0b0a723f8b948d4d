"""The ways through the tour take as long as they are called."""

from pages.start.home.paths import WAYS
from pages.ui.site import PAGES


def test_five_minutes_are_five_and_a_lesson_is_one() -> None:
    assert {way.title: way.minutes for way in WAYS} == {"Five minutes": 5, "A lesson": 45}


def test_every_step_is_a_page_and_takes_its_time() -> None:
    names = {page.name for page in PAGES[1:]}
    for way in WAYS:
        steps = [name for name, _ in way.steps]
        assert set(steps) <= names
        assert len(set(steps)) == len(steps)
        assert all(minutes > 0 for _, minutes in way.steps)
