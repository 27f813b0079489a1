"""`start.py handout`: a lesson as one HTML file, for a phone without network and without a kernel."""

MOST_SLICES = 24  # of a picture: 72 mm around the slice that a lesson opens on
