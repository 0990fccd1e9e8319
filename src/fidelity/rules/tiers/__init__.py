"""Tiers: levels of status, what makes the score, and the service that a tier promises."""
