"""Where a request comes from."""

import pytest

from server.addresses import address_of, counted


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


@pytest.mark.parametrize(
    ("address", "as_counted"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::ffff", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::7]:4711", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::7]", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("1.2.3.4", "1.2.3.4"),
        (" 1.2.3.4:5678", "1.2.3.4"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_a_network_counts_as_one_address_and_a_connection_as_none_of_its_own(
    monkeypatch, address, as_counted
):
    assert counted(address) == as_counted
    assert address_of({"client": (address, 5), "headers": []}) == as_counted
    monkeypatch.setenv("CONVLENS_PROXIES", "1")
    if as_counted:
        assert address_of(scope(f"6.6.6.6, {address}")) == as_counted
