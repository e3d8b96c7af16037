"""What every conversation with a server keeps to, whatever it speaks."""

import time
import traceback

import pytest

from clinicreport.mail.conversation import Conversation, Stopped
from clinicreport.settings.config import Mail

SECRET = "hush-hush-hush"


class Spoken(Conversation):
    """One that fails as it is told to."""

    errors = (OSError, KeyError)

    def __init__(self, folder, error, **more):
        mail = Mail(sender="a@b.example", user="a", login="password", password_file="p.txt", **more)
        super().__init__(mail, folder, "mail.b.example", "mail.b.example, the box,")
        self.error, self.farewells = error, 0

    def _open(self, context, deadline, who):
        if self.error:
            raise self.error

    def _farewell(self):
        self.farewells += 1
        raise OSError("gone already")

    def _refusal(self, error):
        return Stopped("no", alarm=True) if isinstance(error, KeyError) else None


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "p.txt").write_text(SECRET, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("error", "says", "alarm"),
    [
        (OSError(f"no {SECRET}"), "mail.b.example, the box, cannot be reached (no •••)", False),
        (OSError(f"no {SECRET}".encode()), "the box, cannot be reached (no •••)", False),
        (OSError(5, f"no {SECRET}"), "the box, cannot be reached (no •••)", False),
        (OSError(), "the box, cannot be reached (OSError)", False),
        (TimeoutError(SECRET), "the box, cannot be reached (no answer in time)", False),
        (KeyError(SECRET), "no", True),
    ],
)
def test_an_error_becomes_a_sentence_without_a_secret(folder, error, says, alarm):
    spoken = Spoken(folder, error)
    with pytest.raises(Stopped) as stopped, spoken:
        pass
    assert says in str(stopped.value)
    assert stopped.value.alarm == alarm
    assert SECRET not in "".join(traceback.format_exception(stopped.value))
    assert spoken.farewells == 1


def test_what_is_no_fault_of_line_or_server_passes_through(folder):
    with pytest.raises(ZeroDivisionError), Spoken(folder, ZeroDivisionError()):
        pass


def test_a_farewell_that_fails_takes_nothing_back(folder):
    with Spoken(folder, None) as spoken:
        pass
    assert spoken.farewells == 1


def test_what_breaks_once_its_time_is_over_is_no_answer_in_time(folder):
    with pytest.raises(Stopped, match="no answer in time"), Spoken(folder, None) as spoken:
        spoken._deadline._end = 0  # long ago
        while not spoken._deadline.passed:
            spoken._deadline._over.wait(0.01)

        def cut():
            raise OSError("cut")

        spoken._asked(cut)


def test_a_message_has_time_by_its_size_from_when_it_begins(folder):
    with Spoken(folder, None, timeout_seconds=1) as spoken:
        spoken._time_for(bytes(2_000_000))
        assert 90 < spoken._deadline._end - time.monotonic() <= 102
