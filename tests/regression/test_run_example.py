#!/usr/bin/env python3
"""The comparison of key numbers finds what it is there to find."""

import unittest

from run_example import as_text, differences


class Differences(unittest.TestCase):
    def test_equal_numbers_pass(self):
        self.assertEqual(differences({"a": [1, 2.5, None, "x", True]}, {"a": [1, 2.5, None, "x", True]}), [])

    def test_a_last_bit_passes(self):
        self.assertEqual(differences(18.7302, 18.7302 * (1 + 1e-9)), [])

    def test_a_number_that_moved_is_named(self):
        self.assertEqual(differences({"v": [1.0, 2.0]}, {"v": [1.0, 2.00001]}), ["v[1]: expected 2.0, now 2.00001"])

    def test_a_count_must_be_equal(self):
        self.assertEqual(differences({"n": 10**9}, {"n": 10**9 + 1}), ["n: expected 1000000000, now 1000000001"])

    def test_a_spike_too_many_is_found(self):
        self.assertEqual(differences({"s": []}, {"s": [1]}), ["s: expected 0 entries, now 1"])

    def test_a_missing_key_is_found(self):
        self.assertEqual(differences({"a": 1}, {}), ["a: expected 1, now None"])

    def test_a_key_too_many_is_found(self):
        self.assertEqual(differences({}, {"a": 1}), ["a: expected None, now 1"])

    def test_no_spike_is_not_a_spike_at_zero(self):
        self.assertEqual(differences({"t": None}, {"t": 0.0}), ["t: expected None, now 0.0"])

    def test_nan_is_a_difference(self):
        self.assertEqual(len(differences(1.0, float("nan"))), 1)

    def test_false_is_not_zero(self):
        self.assertEqual(differences({"c": False}, {"c": 0}), ["c: expected False, now 0"])

    def test_the_text_is_json(self):
        import json
        numbers = {"a": [{"b": 1}], "c": {"d": 2.5}, "e": []}
        self.assertEqual(json.loads(as_text(numbers)), numbers)


if __name__ == "__main__":
    unittest.main()
