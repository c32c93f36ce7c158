"""A statement written once finds what is so now, and gives each who asks records of her own."""

from __future__ import annotations

from carnet.base.prepared import Prepared
from carnet.organisations.models import Member, Profile
from tests.cast import Business

_by_name = Prepared(lambda name: Member.objects.select_related("profile").filter(name=name))


def test_what_was_found_before_is_found_as_it_is_now(salon: Business) -> None:
    name = salon.members["lea"].name
    before = _by_name.one(name)
    assert before is not None
    Profile.objects.filter(pk=before.profile_id).update(permissions=["customers.see"])
    now = _by_name.one(name)
    assert now is not None
    assert now.profile.permissions == ["customers.see"] != before.profile.permissions
    Member.objects.filter(pk=before.pk).update(name="Somebody else")
    assert _by_name.one(name) is None


def test_who_changes_what_she_was_given_changes_nobody_elses(salon: Business) -> None:
    name = salon.members["lea"].name
    mine, theirs = _by_name.one(name), _by_name.one(name)
    assert mine is not None
    assert theirs is not None
    assert mine == theirs
    mine.phone = "0612345678"
    mine.profile.permissions.append("everything")
    mine.profile.name = "Queen"
    again = _by_name.one(name)
    for other in (theirs, again):
        assert other is not None
        assert other.phone == ""
        assert "everything" not in other.profile.permissions
        assert other.profile.name != "Queen"
        assert not other._state.adding
