"""Rewards: what points buy, what stands between, what it takes; payments, vouchers, money off."""
