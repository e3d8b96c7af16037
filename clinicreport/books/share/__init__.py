"""The version of the report that may leave the clinic: aggregates only.

========================  ===========================================================================
``shared_counts``         what is counted, and which counts add up to which
``suppression``           counts of 1 to 4 hidden, and as many others as it takes to keep them hidden
``conditions``            the fixed list of conditions that may be named
``shared_lines``          counts after hiding, and lines of them
``shared_beside``         what stands beside the headline
``shared_figures``        the figures that may be shown, rounded; None where hidden
``shared_version``        one version: its counts and what is hidden, its workbook, what it tells
``shared_people``         fingerprints of the patients behind the figures
``told``                  what is remembered of a version: which rows, of whom
``differencing``          whether it would give few patients away beside those given before
``sharing_canvas``        what all workbooks for sharing have in common, a network's too
``shared_book``           what the sheets share: the canvas and these figures
``shared_summary_sheet``  Summary
``shared_charts_sheet``   Charts
``shared_method_sheet``   Method
``shared_workbook``       the workbook's bytes
========================  ===========================================================================

Nothing here sees a visit's text: sheets get counts, means and words of this program only.
"""

from __future__ import annotations

from clinicreport.books.share.shared_figures import Aggregates, aggregate
from clinicreport.books.share.shared_workbook import content

__all__ = ["Aggregates", "aggregate", "content"]
