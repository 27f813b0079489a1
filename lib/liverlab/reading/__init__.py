"""Reading: what a reader would see, measure and call. Analytic and pixel reader, response criteria, next tests."""
