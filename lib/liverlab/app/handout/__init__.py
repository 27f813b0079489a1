"""`start.py handout`: a lesson as one HTML file, for a phone without network and without a kernel."""
