"""What ``templates/clinic.toml`` says of the settings: the one place where that stands."""

from __future__ import annotations

import re
from functools import cache

from clinicreport.ground.resources import resource


@cache
def remarks() -> dict[str, str]:
    """What ``templates/clinic.toml`` says behind each of its lines: key -> remark."""
    found: dict[str, str] = {}
    table = ""
    for line in resource("templates/clinic.toml").read_text("utf-8").splitlines():
        if heading := re.match(r"(?:# )?\[+([\w.]+)\]+", line):
            table = f"{heading[1]}."
        elif told := re.match(r"(?:# )?(\w+) = .*?\S\s{2,}# (.+)", line):
            found.setdefault(table + told[1], told[2])
    return found


@cache
def roles() -> dict[str, str]:
    """What each role gets, as ``templates/clinic.toml`` says it."""
    text = resource("templates/clinic.toml").read_text("utf-8")
    told = text.partition("The role decides:\n")[2].partition("\n\n")[0]
    found = re.findall(r"(?m)^#   (\w+) +(.+(?:\n#    +.+)*)", told)
    return {role: re.sub(r"\n#\s+", " ", words) for role, words in found}
