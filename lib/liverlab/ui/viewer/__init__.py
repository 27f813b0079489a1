"""The CT viewer widget."""

from liverlab.ui.viewer.widget import Viewer

__all__ = ["Viewer"]
