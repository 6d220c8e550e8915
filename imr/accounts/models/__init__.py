from imr.accounts.models.api_token import ApiToken
from imr.accounts.models.invitation import Invitation
from imr.accounts.models.mail import Mail, MailChoice, MailHabit
from imr.accounts.models.organization import Organization
from imr.accounts.models.user import User, UserManager

__all__ = ["ApiToken", "Invitation", "Mail", "MailChoice", "MailHabit", "Organization", "User", "UserManager"]
