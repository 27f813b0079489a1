"""Browser tests, importable as a package so that every file can share the harness."""
