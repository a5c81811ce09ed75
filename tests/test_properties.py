"""The guard for properties fails where a property proves nothing."""

import pytest

from tests.properties import reaching


def test_a_case_that_no_example_reaches_fails_the_property() -> None:
    """Two properties about URLs had never met a URL."""
    with pytest.raises(AssertionError, match="no example reached: fits"), reaching("fits", "does not") as met:
        met("does not")


def test_a_property_that_met_all_its_cases_passes() -> None:
    with reaching("fits", "does not") as reached:
        reached("does not")
        reached("fits")
