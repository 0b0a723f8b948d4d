"""What the laboratories of a sliding window share: player, questions, lessons, readouts. May import `pages.ui`."""
