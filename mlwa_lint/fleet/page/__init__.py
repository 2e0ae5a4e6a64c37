"""Trends of a fleet on one page of HTML: no script, no network, drawn as SVG."""

from mlwa_lint.fleet.page.page import page

__all__ = ["page"]
