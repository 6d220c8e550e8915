"""The admin site for operators: organizations, and people without what names a reviewer."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from imr.accounts.enums import Action, Role
from imr.accounts.models import Organization, User
from imr.accounts.permissions import shown_name
from imr.accounts.views.session import sign_out
from imr.core.errors import NotAllowedError


def _sign_in(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The admin site has no door of its own: failures, locks and sessions are those of the sign-in page."""
    if request.user.is_authenticated:
        raise NotAllowedError("Your role does not include: use the admin site.")
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def _change_password(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    return redirect("accounts:password-change")


def _sign_out(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    return sign_out(request)


admin.site.login = _sign_in  # type: ignore[method-assign]
admin.site.password_change = _change_password  # type: ignore[method-assign, assignment]
admin.site.logout = _sign_out  # type: ignore[method-assign, assignment]
admin.site.site_header = admin.site.site_title = "IMR administration"


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at only, for those who may use the admin site."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.can(Action.ADMIN_SITE)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    """Administrators edit organizations on their own pages, where changes are recorded."""

    list_display = ("name", "kind", "city", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """No search by address and no address of reviewers: it names the person. The password stays out of sight."""

    list_display = ("shown_name", "role", "organization", "is_active", "last_login")
    list_filter = ("role", "is_active")
    list_select_related = ("organization",)
    ordering = ("pk",)
    fields = ("shown_name", "role", "organization", "is_active", "created_at", "last_login", "deactivated_at")

    @admin.display(description="Name")
    def shown_name(self, person: User) -> str:
        if person.role == Role.REVIEWER:
            return f"{person.display_name} #{person.pk}"
        return shown_name(person, person)
