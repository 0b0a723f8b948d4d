"""What two pages or more share; what one page alone uses lies in its own folder.

May import `cnn_core`, no page; `visitor` alone asks `server`, which knows the cookie and the address.
"""
