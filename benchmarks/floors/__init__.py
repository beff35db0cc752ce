"""What a figure is measured against: the same work written by hand, without any of the platform's guarantees."""
