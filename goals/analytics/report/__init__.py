"""A teacher's page about a group: one HTML file with its plots in it; no scripts, nothing fetched. `figures.py` asks
the ready views, `plots.py` draws, `page.py` puts the page together around `page.html`."""

from goals.analytics.report.figures import Figures, figures
from goals.analytics.report.page import page

__all__ = ["Figures", "figures", "page"]
