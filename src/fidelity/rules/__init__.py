"""The rulebook: earning, groups, caps and limits, tiers, rewards, the hard lines, audit, codec, evaluation."""
