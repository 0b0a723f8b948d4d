import numpy as np
import pytest

from pages.ui.components.base import pack
from tests.support.component_message import unpack

VALUES = np.array([[0.5, np.nan], [-np.inf, 3]], np.float32)


def test_header_and_arrays_come_back_by_value():
    mask = np.array([True, False, True])
    counts = np.array([-1, 7])
    message = pack({"label": "Ä ⌊×⌋", "limits": [0, 1.5]}, {"values": VALUES, "mask": mask, "counts": counts})
    read = unpack(message)
    assert (read["label"], read["limits"]) == ("Ä ⌊×⌋", [0, 1.5])
    for name, array, dtype in [("values", VALUES, "<f4"), ("mask", mask, "|u1"), ("counts", counts, "<i4")]:
        assert read[name].dtype == dtype
        np.testing.assert_array_equal(read[name], array.ravel())


def test_every_array_begins_on_a_multiple_of_4():
    message = pack({}, {"a": np.ones(3, bool), "b": VALUES, "c": np.ones(5, bool), "d": VALUES})
    length = int.from_bytes(message[:4], "little")
    assert length % 4 == 0
    assert len(message) == 4 + length + 4 + 16 + 8 + 16


def test_the_digest_differs_where_anything_does():
    digests = [
        unpack(pack(*of))["digest"]
        for of in [({"a": 1}, {"b": VALUES}), ({"a": 2}, {"b": VALUES}), ({"a": 1}, {"b": -VALUES})]
    ]
    assert len(set(digests)) == 3
    assert unpack(pack({"a": 1}, {"b": VALUES.copy()}))["digest"] == digests[0]


@pytest.mark.parametrize(
    ("header", "array", "message"),
    [
        ({}, np.array(["a"]), "values is of <U1; allowed is floating"),
        ({}, np.ones(2, np.uint16), "values is of uint16"),
        ({"values": 1}, VALUES, "'values'; the header has an entry"),
    ],
)
def test_what_cannot_be_sent_is_named(header, array, message):
    with pytest.raises(ValueError, match=message):
        pack(header, {"values": array})
