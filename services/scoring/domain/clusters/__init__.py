"""Clusters of schools or municipalities by several results; computed in a process of its own."""

from services.scoring.domain.clusters.grouping import MOST, Structure, clusters_of, structure_of

__all__ = ["MOST", "Structure", "clusters_of", "structure_of"]
