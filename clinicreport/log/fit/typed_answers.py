"""What a person types as an answer, as a value of ``clinic.toml``."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from clinicreport.log.fit.learnt import Question


def typed_value(question: Question, said: str) -> Any:
    """What was typed as a value of the question's key; None where it is none."""
    if not question.typed:
        return None
    try:
        if question.typed == "start_date":
            return date.fromisoformat(said)
        if question.typed == "reading.year":
            return int(said) if len(said) == 4 else None
        if question.typed == "reading.visits":
            days = [int(part) for part in re.split(r"[,;\s]+", said.strip(" ,;"))]
            return dict(zip(question.names, days, strict=True))
    except ValueError:
        return None
    return {question.names[0]: said} if question.names else said
