"""What two pages or more share; what one page alone uses lies in its own folder. May import `cnn_core`, and of `server`
who a visitor is and where from; no page."""
