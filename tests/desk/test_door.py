"""Who may come in: each check of its own, and one answer for all that may not."""

import pytest
from desk_browser import HERE, PORT

from clinicreport.desk.door import HEADERS, REFUSED
from clinicreport.desk.one_time_keys import new_key

OTHER = "http://127.0.0.1:50999"


def refused(answer):
    assert dict(HEADERS).items() <= dict(answer.headers).items()
    return answer.status_code == 403 and answer.data == REFUSED


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": f"localhost:{PORT}"},
        {"Host": "127.0.0.1"},
        {"Host": f"evil.example:{PORT}"},
        {"Host": f"127.0.0.1:{PORT}, evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Cookie": f"desk_{PORT}=0"},
    ],
)
def test_a_page_is_for_our_own_browser_alone(browser, headers):
    assert browser.at("month").status_code == 200
    if "Cookie" in headers:
        browser.delete_cookie(f"desk_{PORT}", path=f"/{browser.desk.prefix}", domain="127.0.0.1")
    assert refused(browser.at("month", headers=headers))


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/wrong/month", "//month"])
def test_what_is_not_under_the_starts_own_prefix_is_refused(browser, path):
    assert refused(browser.get(path, base_url=HERE))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_refused(browser, method):
    assert refused(browser.at("month", method=method))


@pytest.mark.parametrize("origin", ["null", OTHER, "http://evil.example", f"{HERE}/", ""])
def test_a_form_of_another_page_does_nothing(browser, clinic, origin):
    sha = browser.drop(b"a,b\n1,2\n", "x.csv")
    assert refused(browser.post(f"look/{sha}/forget", headers={"Origin": origin}))
    assert (clinic.root / "looking" / sha).is_dir()


@pytest.mark.parametrize("token", ["", "0" * 64, "\u2603"])
def test_a_form_without_the_token_does_nothing(browser, clinic, token):
    sha = browser.drop(b"a,b\n1,2\n", "x.csv")
    assert refused(browser.post(f"look/{sha}/forget", token=token))
    assert (clinic.root / "looking" / sha).is_dir()


def test_a_file_without_the_token_is_not_kept(browser, clinic):
    import io

    answer = browser.post("look", token="0", file=(io.BytesIO(b"x" * 2_000_000), "x.csv"))
    assert refused(answer)
    assert list((clinic.root / "looking").iterdir()) == []


def test_a_key_opens_once_and_for_a_minute(stranger):
    key = new_key(stranger.desk.keys.secret)
    late = new_key(stranger.desk.keys.secret, now=0)
    forged = new_key("0" * 64)
    for wrong in (late, forged, "", "x.y.z", key[:-1], "\u2603"):
        assert refused(stranger.at("enter", query_string={"key": wrong}))
    answer = stranger.at(
        "enter", query_string={"key": key}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    path = f"Path=/{stranger.desk.prefix}"
    assert {"HttpOnly", "SameSite=Strict", path} <= set(cookie.split("; "))
    assert "Expires" not in cookie
    assert refused(stranger.at("enter", query_string={"key": key}))
    assert stranger.at("month").status_code == 200
