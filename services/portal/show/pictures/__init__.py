"""The portal's pictures: view models as marks with words, drawn by `shared/pictures`; each has a table on its page."""

from services.portal.show.pictures.levels import group_bars, level_stacks
from services.portal.show.pictures.region_map import region_map
from services.portal.show.pictures.spreads import mark_spread, score_spread
from services.portal.show.pictures.years import year_slope

__all__ = ["group_bars", "level_stacks", "mark_spread", "region_map", "score_spread", "year_slope"]
