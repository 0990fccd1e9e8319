"""What earns: rules and groups, what they give, limits, measures, campaigns, referrals, claims, wallets."""
