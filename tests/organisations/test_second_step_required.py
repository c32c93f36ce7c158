"""Requiring a second step of who holds a profile."""

from __future__ import annotations

import pytest

from carnet.base.errors import StaleVersion
from carnet.organisations.actions import ProfileDetails, clone_profile, grant_permission, require_second_step
from carnet.organisations.errors import AboveOneself
from carnet.organisations.models import Activity, Profile
from tests.cast import Business


def test_an_administrator_requires_it_of_administrators_too_and_it_is_written_down(salon: Business) -> None:
    boss = Profile.objects.get(key="administrator")
    after = require_second_step(salon.access("alice"), boss, True, seen=boss.version)
    assert after.second_step
    assert Activity.objects.get(kind="profile.changed").changes == {"second_step": [False, True]}
    with pytest.raises(StaleVersion):
        require_second_step(salon.access("alice"), boss, False, seen=boss.version)


def test_nobody_lifts_it_from_a_profile_above_their_own(salon: Business) -> None:
    """(I7)"""
    boss = require_second_step(salon.system, Profile.objects.get(key="administrator"), True)
    grant_permission(salon.system, Profile.objects.get(key="front_desk"), "profiles.edit", granted=True)
    with pytest.raises(AboveOneself):
        require_second_step(salon.access("bea"), boss, False)
    assert Profile.objects.get(pk=boss.pk).second_step


def test_a_clone_requires_what_its_model_does(salon: Business) -> None:
    model = require_second_step(salon.system, Profile.objects.get(key="provider"), True)
    assert clone_profile(salon.access("alice"), model, ProfileDetails("Trainee")).second_step
