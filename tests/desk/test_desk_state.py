"""How long the desk stays, and what it knows of a file."""

import threading

import pytest
from desk_browser import make_desk

from clinicreport.desk.desk_state import FolderGoneError, NotKeptError


@pytest.fixture
def clock():
    class Clock:
        minutes = 0.0

        def __call__(self):
            return self.minutes * 60

    return Clock()


def test_the_desk_stays_an_hour_after_the_last_click(clock, clinic):
    desk = make_desk(clinic, clock=clock)
    assert desk.minutes_left == 60
    clock.minutes = 55
    assert desk.minutes_left == 5
    desk.click()
    assert desk.minutes_left == 60
    clock.minutes = 115.5
    assert desk.minutes_left == -0.5


def test_it_never_ends_in_a_job(clock, clinic):
    desk, go = make_desk(clinic, clock=clock), threading.Event()
    desk.jobs.start("x", lambda: go.wait(5))
    clock.minutes = 90
    assert desk.minutes_left == 60
    go.set()
    desk.jobs.wait(5)
    assert desk.minutes_left == -30


def test_the_open_page_warns_and_asking_is_no_click(stranger, clock):
    desk = stranger.desk
    desk.clock = clock
    desk.click()
    stranger.come_in()
    clock.minutes = 54.9
    assert stranger.at("alive").json == {"warned": False, "minutes": 5}
    clock.minutes = 55.5
    assert stranger.at("alive").json == {"warned": True, "minutes": 4}
    assert stranger.at("static/desk.css").status_code == 200
    assert stranger.at("alive").json["warned"]
    assert stranger.post("stay").status_code == 204
    assert stranger.at("alive").json == {"warned": False, "minutes": 60}


def test_the_button_ends_it_and_the_browser_forgets(browser):
    answer = browser.post("close")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not browser.desk.ended.is_set()  # its answer comes first
    answer.close()
    assert browser.desk.ended.is_set()
    assert browser.at("month").status_code == 403


@pytest.mark.parametrize("sha", ["", "x", "..", "0" * 64, "0" * 63 + "/", "A" * 64])
def test_what_is_not_kept_is_said(clinic, sha):
    with pytest.raises(NotKeptError):
        make_desk(clinic).kept(sha)


def test_without_a_folder_nothing_is_made():
    with pytest.raises(FolderGoneError):
        make_desk(None).request()
