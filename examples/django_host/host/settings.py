"""Settings: SQLite beside this folder, or PostgreSQL where ``SHOP_POSTGRES`` names a database."""

import os
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]

SECRET_KEY = os.environ.get("SHOP_SECRET_KEY", "only for a look at home")
DEBUG = os.environ.get("SHOP_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("SHOP_HOSTS", "localhost").split(",")

INSTALLED_APPS = ["books", "shop"]
ROOT_URLCONF = "host.urls"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if "SHOP_POSTGRES" in os.environ:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["SHOP_POSTGRES"],
            "HOST": os.environ.get("SHOP_POSTGRES_HOST", ""),
            "USER": os.environ.get("SHOP_POSTGRES_USER", ""),
            "PASSWORD": os.environ.get("SHOP_POSTGRES_PASSWORD", ""),
            "CONN_MAX_AGE": 600,
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("SHOP_SQLITE", str(HOME / "shop.db")),
            "OPTIONS": {
                # A transaction that reads first and writes later would otherwise fail when another one wrote meanwhile.
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,
                "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
            },
        }
    }

#: The rules.
LOYALTY_PROGRAM = HOME / "program.toml"
