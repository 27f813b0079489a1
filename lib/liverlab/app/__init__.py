"""What the command line does. Runs on the standard library alone: it is here before anything is installed."""
