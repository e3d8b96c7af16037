"""The conditions that may be named outside the clinic. What a log writes is free text."""

from __future__ import annotations

import re
from typing import Any

from clinicreport.workbook.words import missing

OTHER = "Other"
NOT_WRITTEN = "Not written"
KNOWN: dict[str, tuple[str, ...]] = {
    "Chronic low back pain": (
        "chronic low back pain",
        "chronic lower back pain",
        "clbp",
        "low back pain",
        "lower back pain",
        "back pain",
        "non-specific low back pain",
        "lbp",
        "lumbago",
    ),
    "Neck pain": ("neck pain", "chronic neck pain", "cervical pain"),
    "Shoulder pain": ("shoulder pain", "rotator cuff", "frozen shoulder"),
    "Knee or hip pain": (
        "knee pain",
        "hip pain",
        "osteoarthritis",
        "knee osteoarthritis",
        "hip osteoarthritis",
        "arthrosis",
    ),
    "Arthritis": ("arthritis", "rheumatoid arthritis"),
    "Menstrual pain": ("menstrual pain", "menstrual", "dysmenorrhea", "dysmenorrhoea"),
    "Postoperative pain": (
        "postoperative pain",
        "postoperative",
        "post-operative",
        "post-operative pain",
        "after surgery",
    ),
    "Musculoskeletal injury": (
        "musculoskeletal injury",
        "musculoskeletal",
        "sports injury",
        "muscle injury",
        "sprain",
        "strain",
    ),
    "Tendon pain": ("tendinopathy", "tendinitis", "tendon pain", "tennis elbow", "epicondylitis"),
    "Inflammation": ("inflammation", "inflammatory pain"),
    "Neuropathic pain": ("neuropathic pain", "neuropathy", "nerve pain", "sciatica"),
    "Headache": ("headache", "migraine", "tension headache"),
    "Fibromyalgia": ("fibromyalgia",),
}
_NAMES = {term: name for name, terms in KNOWN.items() for term in terms}


def known(condition: Any) -> str:
    """The name from the list for exactly this condition; "Other" for all other text."""
    if missing(condition) or not str(condition).strip():
        return NOT_WRITTEN
    plain = re.sub(r"\s+", " ", str(condition)).strip(" .").casefold()
    return _NAMES.get(plain, OTHER)
