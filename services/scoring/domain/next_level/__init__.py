"""The cheapest way to the next level or rank: which indicators to raise, to which values, proven minimal."""

from services.scoring.domain.next_level.goal import Goal, level_goal, maximum_of, rank_goal
from services.scoring.domain.next_level.plan import Plan, plan

__all__ = ["Goal", "Plan", "level_goal", "maximum_of", "plan", "rank_goal"]
