"""The version of the report that may leave the clinic: aggregates only.

==============  ==============================================================================
``cells``       what is counted, and which counts add up to which
``suppress``    counts of 1 to 4 hidden, and as many others as it takes to keep them hidden
``conditions``  the fixed list of conditions that may be named
``aggregates``  the figures that may be shown, rounded; None where hidden
``sheets``      Summary, Charts and Method
``book``        the workbook's bytes
==============  ==============================================================================

Nothing here sees a visit's text: sheets get counts, means and words of this program only.
"""

from __future__ import annotations

from clinicreport.books.share.shared_figures import Aggregates, aggregate
from clinicreport.books.share.shared_workbook import content, write

__all__ = ["Aggregates", "aggregate", "content", "write"]
