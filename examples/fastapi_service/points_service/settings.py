"""What the environment says: each name with ``POINTS_`` before it."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings"]


class Settings(BaseSettings):
    """
    Where the books are, what the rules are, and who may ask.

    Attributes:
        database: The books, as an SQLAlchemy URL.
        people: Names and words, which can be erased; the same database unless told.
        program: The rules, a file in TOML, YAML or JSON.
        token: What clients show as ``Authorization: Bearer …``.
        connections: How many connections to the database each process may have.
    """

    model_config = SettingsConfigDict(env_prefix="POINTS_")

    database: str
    people: str = ""
    program: Path = Path(__file__).parents[1] / "program.toml"
    token: SecretStr
    connections: int = 8
