from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "imr.accounts"
    label = "accounts"
