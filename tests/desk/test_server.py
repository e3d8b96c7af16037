"""The real server on a real socket: what is too large, another Host, a second start, its end."""

import http.client
import socket
import threading
import time
import urllib.parse
from types import SimpleNamespace

import pytest
from desk_browser import make_desk

from clinicreport.desk import running
from clinicreport.desk.app import make_app
from clinicreport.desk.door import REFUSED, cookie_name
from clinicreport.desk.own_socket import own_socket
from clinicreport.desk.running import Running
from clinicreport.desk.server import Body, serve
from clinicreport.desk.upload import LARGEST

HEAD = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="big<b> nr.xlsx"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n"
)
PIECE = b"0" * 1_000_000


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A desk that listens."""
    from clinic_folders import make_folder

    with own_socket() as own:
        desk = make_desk(make_folder(tmp_path_factory.mktemp("served") / "clinic"))
        desk.port = own.getsockname()[1]
        own.listen()
        thread = threading.Thread(target=serve, args=[desk, make_app(desk), own])
        thread.start()
        yield desk
        desk.ended.set()
        thread.join()


def line(desk):
    return http.client.HTTPConnection("127.0.0.1", desk.port, timeout=10)


def asked(desk, method="GET", page="month", body=None, chunked=False, **headers):
    """An answer's status and text."""
    sent = {
        "Cookie": f"{cookie_name(desk)}={desk.cookie}",
        "Origin": f"http://127.0.0.1:{desk.port}",
        "Content-Type": "multipart/form-data; boundary=x",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    connection = line(desk)
    try:
        connection.request(method, f"/{desk.prefix}/{page}", body, sent, encode_chunked=chunked)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_too_large_is_named_and_not_kept(served, chunked, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pieces = LARGEST // len(PIECE) + 5
    size = (
        {"Transfer_Encoding": "chunked"}
        if chunked
        else {"Content_Length": str(len(HEAD) + pieces * len(PIECE) + 7)}
    )
    body = iter([HEAD, *([PIECE] * pieces), b"\r\n--x--\r"])
    status, text = asked(served, "POST", "look", body, chunked, **size)
    assert status == 413
    assert "big&lt;b&gt; nr.xlsx is 65 MB; this page takes 60." in text
    assert "Put it into the folder &#34;inbox&#34; instead." in text
    looking = served.folder / "looking"
    assert not looking.exists() or list(looking.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_too_large_from_elsewhere_learns_nothing(served):
    size = {"Content_Length": str(LARGEST + 1)}
    body = iter([PIECE] * (LARGEST // len(PIECE)) + [b"0"])
    status, text = asked(served, "POST", "look", body, **size, Origin="http://evil.example")
    assert (status, text) == (403, REFUSED.decode())


@pytest.mark.parametrize(
    ("sent", "kept"),
    [({}, True), ({"Origin": "http://evil.example"}, False), ({"Host": "evil.example"}, False)],
)
def test_of_a_stranger_no_byte_is_held(served, sent, kept, monkeypatch):
    bodies = []

    class WatchedBody(Body):
        def close(self):
            bodies.append(len(self.getfile().getvalue()))
            super().close()

    monkeypatch.setattr("clinicreport.desk.server.Body", WatchedBody)
    status, _ = asked(served, "POST", "stay", b"0" * 100_000, **sent)
    assert status == 403
    for _ in range(300):  # the server is done with the body after its answer
        if bodies:
            break
        time.sleep(0.01)
    assert bodies == [100_000 if kept else 0]


def test_who_says_too_little_is_cut_off_and_holds_nobody_up(served, monkeypatch):
    monkeypatch.setattr("clinicreport.desk.server.HEAD_SECONDS", 0.2)
    here = f"Host: 127.0.0.1:{served.port}\r\n"
    post = f"POST /{served.prefix}/look HTTP/1.1\r\n{here}Content-Length: 1000\r\n"
    ours = (
        f"Origin: http://127.0.0.1:{served.port}\r\nCookie: {cookie_name(served)}={served.cookie}"
    )
    said = ["", "GET /", f"{post}\r\nx", f"{post}{ours}\r\n\r\nx"]
    slow = []
    for words in said:
        slow.append(socket.create_connection(("127.0.0.1", served.port), timeout=10))
        slow[-1].sendall(words.encode())
    assert asked(served)[0] == 200
    *strangers, known = slow
    assert [one.recv(1) for one in strangers] == [b"", b"", b""]
    known.settimeout(0.1)
    with pytest.raises(TimeoutError):
        known.recv(1)
    known.settimeout(10)
    monkeypatch.setattr("clinicreport.desk.server.BODY_SECONDS", 0.2)
    assert known.recv(1) == b""
    for one in slow:
        one.close()


def test_who_waits_for_a_page_is_not_cut_off_where_the_clock_is_coarse(served, monkeypatch):
    from clinicreport.desk import month_page

    make = month_page.month_page

    def slowly(*given):
        time.sleep(1.5)
        return make(*given)

    now = time.time()
    monkeypatch.setattr("waitress.channel.time", SimpleNamespace(time=lambda: now))
    monkeypatch.setattr("clinicreport.desk.server.HEAD_SECONDS", 0.2)
    monkeypatch.setattr(month_page, "month_page", slowly)
    assert asked(served)[0] == 200


def test_a_strangers_connection_ends_with_its_answer(served):
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as stranger:
        stranger.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode())
        with stranger.makefile("rb") as answer:
            said = answer.read()
    assert said.startswith(b"HTTP/1.1 403")
    assert said.endswith(REFUSED)


@pytest.mark.parametrize("host", ["localhost", "evil.example", ""])
def test_another_host_is_refused(served, host):
    assert asked(served)[0] == 200
    assert asked(served, Host=f"{host}:{served.port}" if host else "")[0] == 403


@pytest.mark.parametrize(
    "path", ["..%2f..%2fclinic.toml", "static/..%2fmonth.html", "static/%2e%2e/base.html"]
)
def test_no_path_leads_out(served, path):
    status, text = asked(served, page=path)
    assert status == 404
    assert "There is no such page here." in text


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a b\x00\r\nx\r\n\r\n"]
)
def test_what_is_no_request_is_refused(served, sent):
    connection = line(served)
    connection.connect()
    connection.sock.sendall(sent)
    answer = connection.sock.recv(10_000)
    connection.close()
    assert b" 403 Forbidden" in answer
    assert b"waitress" not in answer.lower()


def test_a_second_start_finds_the_first(served, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    told = Running(served.port, 1, served.prefix, served.keys.secret)
    path = running.write_state(served.folder, told)
    assert path.stat().st_mode & 0o077 == 0
    assert running.find_running(served.folder) == told
    address = urllib.parse.urlsplit(told.address)
    assert asked(served, page=address.path.split("/")[-1] + "?" + address.query)[0] == 200
    for wrong in ({"secret": "0"}, {"prefix": "0"}, {"port": 1}):
        from dataclasses import replace

        running.write_state(served.folder, replace(told, **wrong))
        assert running.find_running(served.folder) is None
    path.write_text("{")
    assert running.find_running(served.folder) is None
