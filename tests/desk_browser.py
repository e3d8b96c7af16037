"""A desk over a small clinic folder, asked by Flask's test client as a browser would."""

import io

from clinic_folders import request
from flask.testing import FlaskClient

from clinicreport.desk.app import make_app
from clinicreport.desk.desk_state import Desk
from clinicreport.desk.one_time_keys import new_key
from clinicreport.folder.places import Folder

PORT = 50123
HERE = f"http://127.0.0.1:{PORT}"


class Browser(FlaskClient):
    """Comes in with a key, then sends what a browser sends with each request."""

    desk: Desk

    def come_in(self):
        return self.at("enter", query_string={"key": new_key(self.desk.keys.secret)})

    def at(self, page, **more):
        headers = {"Host": f"127.0.0.1:{PORT}"} | more.pop("headers", {})
        return self.open(f"/{self.desk.prefix}/{page}", base_url=HERE, headers=headers, **more)

    def post(self, page, token=None, headers=None, **data):
        data = {"token": self.desk.form_token if token is None else token} | data
        headers = {"Origin": HERE} | (headers or {})
        return self.at(page, method="POST", data=data, headers=headers)

    def drop(self, content, name):
        """A file is dropped and read to its end; its SHA-256."""
        answer = self.post("look", file=(io.BytesIO(content), name))
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"].split("/")[-2]

    def follow(self, answer):
        """The page after a button, when its work is done."""
        page = answer.headers["Location"].removeprefix(f"/{self.desk.prefix}/")
        return self.wait_for(page)

    def wait_for(self, page):
        """Ask until the work is done; the page that follows."""
        for _ in range(500):
            state = self.at(page, headers={"Accept": "application/json"}).json
            if not state["working"]:
                return self.at(state["then"].removeprefix(f"/{self.desk.prefix}/"))
            self.desk.jobs.wait(0.1)
        raise AssertionError("the work does not end")


def make_desk(folder, **more):
    """A desk over a clinic folder, as of the tests' day."""
    return Desk(folder and folder.root, PORT, lambda root: request(Folder(root)), **more)


def make_browser(desk):
    """A browser that has no cookie yet."""
    app = make_app(desk)
    app.test_client_class = Browser
    client = app.test_client()
    client.desk = desk
    return client
