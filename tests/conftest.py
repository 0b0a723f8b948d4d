"""What all tests share."""

from hypothesis import settings

# The first example pays for importing and warming up torch, so a deadline in milliseconds says nothing.
settings.register_profile("convlens", deadline=None)
settings.load_profile("convlens")
