"""What the sessions share: a student at a server whose runs the test can read."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server
from tests.support.student import Student


@pytest.fixture
def student(server: Server, page: Page) -> Student:
    """A student on Home."""
    return Student(page, server)
