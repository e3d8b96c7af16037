"""A key opens once, also for two who bring it at the same moment."""

import threading
from contextlib import suppress

from clinicreport.desk.one_time_keys import OneTimeKeys, new_key


class LookedIntoTogether(set):
    """Used keys; who looks a key up waits a moment for another who looks too."""

    def __init__(self):
        super().__init__()
        self._together = threading.Barrier(2)

    def __contains__(self, key):
        there = super().__contains__(key)
        with suppress(threading.BrokenBarrierError):
            self._together.wait(0.2)
        return there


def test_two_that_come_at_once_are_still_two():
    keys = OneTimeKeys(_used=LookedIntoTogether())
    key = new_key(keys.secret)
    let_in = []
    both = [threading.Thread(target=lambda: let_in.append(keys.use(key))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(let_in) == [False, True]
