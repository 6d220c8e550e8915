from collections.abc import Iterator
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

from imr.accounts.enums import CLAIMS_ROLES, Action, Role, Scope
from imr.accounts.models.organization import Organization
from imr.accounts.roles import scope_of


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with this e-mail address as name; without a password nobody can sign in as them."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An operator who may use the admin site; for `manage.py createsuperuser`."""
        fields.setdefault("role", Role.OPERATOR)
        fields.setdefault(
            "organization",
            Organization.objects.filter(kind="imr_organization").first()
            or Organization.objects.create(name="IMR organization", kind="imr_organization"),
        )
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, or the principal of an API token (role `api_client`, no password).

    For expert reviewers `full_name` stays empty: their names live in the protected table of the reviews app.
    """

    email = models.EmailField("e-mail address", max_length=254, unique=True)
    full_name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=30, choices=Role.choices)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    deactivated_at = models.DateTimeField(null=True, blank=True)
    # Raised with a change of rights; sessions begun before are over.
    session_epoch = models.PositiveIntegerField(default=0, db_default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(name="user_role_known", condition=Q(role__in=[role.value for role in Role])),
            models.CheckConstraint(name="user_reviewer_nameless", condition=~Q(role="reviewer") | Q(full_name="")),
            models.CheckConstraint(
                name="user_deactivated_pair",
                condition=Q(is_active=True, deactivated_at__isnull=True)
                | Q(is_active=False, deactivated_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_session_auth_hash(self) -> str:
        """What a session must match: it ends with a new password and with a new `session_epoch`."""
        return salted_hmac(
            "imr.accounts.session", f"{self.password}|{self.session_epoch}", algorithm="sha256"
        ).hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """As above under the former secret keys, while they are being rotated."""
        for key in settings.SECRET_KEY_FALLBACKS:
            yield salted_hmac(
                "imr.accounts.session", f"{self.password}|{self.session_epoch}", secret=key, algorithm="sha256"
            ).hexdigest()

    @property
    def display_name(self) -> str:
        """What others may see: the name, for a reviewer only the role."""
        if self.role == Role.REVIEWER:
            return "Expert reviewer"
        return self.full_name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether the admin site is open to this person (Django's name for it)."""
        return self.is_active and self.can(Action.ADMIN_SITE)

    @property
    def is_claims(self) -> bool:
        """Whether the person acts for a claims administrator."""
        return self.role in CLAIMS_ROLES

    def scope(self, action: Action) -> Scope | None:
        """How far this person may carry out `action`; None when not at all."""
        return scope_of(self.role, action) if self.is_active else None

    def can(self, action: Action) -> bool:
        """Whether this person may carry out `action` on anything at all."""
        return self.scope(action) is not None

    def is_same_organization(self, other: Self) -> bool:
        """Whether both belong to one organization."""
        return self.organization_id == other.organization_id
