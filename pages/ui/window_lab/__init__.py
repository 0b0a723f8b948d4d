"""What the laboratories of a sliding window share: controls, player, questions, lessons, readouts."""
