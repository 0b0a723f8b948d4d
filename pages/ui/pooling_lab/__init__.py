"""The pooling laboratory's parts: controls, player, pictures, shift test, questions, common mistakes."""
