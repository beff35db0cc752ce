"""The cheapest way to the next level or rank: which indicators to raise, to which values, proven minimal."""

from services.scoring.domain.next_level.goal import Goal, level_goal, maximum_of, rank_goal
from services.scoring.domain.next_level.plan import Left, Plan, plan
from services.scoring.domain.next_level.steps import Step

__all__ = ["Goal", "Left", "Plan", "Step", "level_goal", "maximum_of", "plan", "rank_goal"]
