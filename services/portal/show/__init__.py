"""What pages show, worked out beforehand: words, numbers, dates, view models; pure."""
