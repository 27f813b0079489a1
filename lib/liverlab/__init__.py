"""liverlab: interactive teaching of how liver metastases change under treatment. Not for clinical use."""

__version__ = "0.1.0"
