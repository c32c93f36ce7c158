"""What belongs to a sign-in and to no organisation: its sessions, a change of its address, and tries that failed."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from carnet.base.records import Addressable


class SignIn(AbstractBaseSession):
    """A browser's session, which knows whose it is: to end it is to delete its row."""

    #: None until somebody signs in with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="sign_ins"
    )
    #: To the minute: see `carnet.organisations.sign_ins`.
    seen_at = models.DateTimeField()

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from carnet.organisations.sessions import SessionStore

        return SessionStore

    @property
    def public_name(self) -> str:
        """What names the session on a page; whoever reads it cannot use the session."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:32]


class EmailChange(Addressable):
    """A sign-in's wish for another address, until somebody who reads letters there confirms it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_change")
    email = models.EmailField()
    #: Of the secret in the link, which is kept nowhere.
    hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.public_id)


class Tries(models.Model):
    """How often something was tried at one door without success, and until when it is shut."""

    #: Hash of what the door is: an account, an address, or one from the other.
    door = models.CharField(max_length=64, unique=True)
    failed = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    shut_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.door
