"""Clusters of schools or municipalities by several results; computed in a process of its own."""

from services.scoring.domain.clusters.grouping import MOST, clusters_of

__all__ = ["MOST", "clusters_of"]
