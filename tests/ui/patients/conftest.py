"""A clinic with its people and a patient, for the tests of the patient form in the window."""

from tests.ui.people.conftest import opened, records, template

__all__ = ["opened", "records", "template"]
