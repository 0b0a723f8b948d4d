"""What the convolution page is made of: its controls, its kernel editor, its player, its readouts."""
