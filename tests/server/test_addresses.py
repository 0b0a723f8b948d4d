"""Where a request comes from."""

import pytest

from server.addresses import address_of


def scope(*forwarded):
    return {
        "client": ("10.0.0.1", 5),
        "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded],
    }


def test_without_proxies_it_is_who_connected():
    assert address_of(scope("1.2.3.4")) == "10.0.0.1"
    assert address_of({"client": None, "headers": []}) == ""


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ("1", ["1.2.3.4"], "1.2.3.4"),
        ("1", ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),  # the first was made up
        ("2", ["6.6.6.6, 1.2.3.4, 10.0.0.2"], "1.2.3.4"),
        ("2", ["6.6.6.6", "1.2.3.4", "10.0.0.2"], "1.2.3.4"),
        ("2", ["1.2.3.4"], "10.0.0.1"),
        ("1", [], "10.0.0.1"),
    ],
)
def test_behind_proxies_it_is_what_the_first_of_them_saw(monkeypatch, trusted, forwarded, address):
    monkeypatch.setenv("CONVLENS_PROXIES", trusted)
    assert address_of(scope(*forwarded)) == address
