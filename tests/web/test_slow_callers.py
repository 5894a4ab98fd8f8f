"""Who is slow, or sends half, holds nobody up: real sockets against the service as scripts/serve starts it."""

import io
import shutil
import socket
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest

from gi_trace import serving
from tests.cast import code, make_activated_batch
from tests.databases import make_service
from tests.service import gunicorn_on

HALF_HEAD = b"GET /privacy HTTP/1.1\r\nHost: x\r\nX-Slow: aa"
HALF_BODY = (
    b"POST /report HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nwhat=" + b"a" * 400
)
GET = b"GET /privacy HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory, prepared_sqlite):
    """One service for all of them."""
    folder = tmp_path_factory.mktemp("service")
    shutil.copy(prepared_sqlite, folder)
    with gunicorn_on(make_service(folder), workers=1) as (port, _):
        yield port


@contextmanager
def sent(port, *pieces, pause=0.0):
    with socket.create_connection(("127.0.0.1", port), timeout=90) as opened:
        for piece in pieces:
            opened.sendall(piece)
            time.sleep(pause)
        yield opened


class Answers(io.BufferedReader):
    """Of one connection, read one behind the other: what came early of the next is kept for it."""

    def makefile(self, _mode):
        return self

    def close(self):
        """Which each answer would do at its end."""


def answer_on(opened, method="GET"):
    answer = HTTPResponse(opened, method=method)
    answer.begin()
    return answer.status, answer.read().decode()


def ask(port, path="/privacy", body=None, headers=None, timeout=60):
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    connection.request("GET" if body is None else "POST", path, body, headers or {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_half_requests_stop_nobody_and_are_told_that_they_were_too_slow(app):
    address = f"/c/{code(make_activated_batch())}"
    with gunicorn_on(app, workers=1) as (port, _), ExitStack() as kept:
        bodies = [kept.enter_context(sent(port, HALF_BODY)) for _ in range(64)]
        heads = [kept.enter_context(sent(port, HALF_HEAD)) for _ in range(128)]
        silent = [kept.enter_context(sent(port)) for _ in range(40)]
        for _ in range(5):
            assert ask(port)[0] == 200 and "标识有效" in ask(port, address)[1]
        assert {answer_on(opened)[0] for opened in bodies + heads} == {408}
        assert {opened.recv(100) for opened in silent} == {b""}
        assert ask(port)[0] == 200


def test_when_more_wait_than_there_is_room_for_those_go_who_wait_longest(port):
    with ExitStack() as kept:
        callers = [kept.enter_context(sent(port, HALF_HEAD)) for _ in range(serving.MOST_WAITING + 5)]
        assert ask(port)[0] == 200
        assert [opened.recv(1) for opened in callers[:5]] == [b""] * 5
        callers[-1].sendall(b"\r\n\r\n")
        assert answer_on(callers[-1])[0] == 200


def test_a_slow_phones_form_arrives_whole(port):
    text = "净含量不一致".encode()
    fields = {"kind": b"report", "code": b"", "what": text, "bought_at": b"", "contact": b""}
    parts = [
        b'--e\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in fields.items()
    ]
    parts.append(
        b'--e\r\nContent-Disposition: form-data; name="other"; filename="x"\r\n\r\n'
        + bytes(200_000)
        + b"\r\n--e--\r\n"
    )
    body = b"".join(parts)
    head = (
        b"POST /report HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=e\r\nContent-Length: %d\r\n\r\n"
        % len(body)
    )
    whole = head + body
    pieces = [whole[at : at + 10_000] for at in range(0, len(whole), 10_000)]
    with sent(port, *pieces, pause=0.05) as opened:
        status, page = answer_on(opened, "POST")
    assert status == 302 and page is not None


def test_requests_sent_one_behind_the_other_are_answered_in_turn(port):
    post = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde"
    with sent(port, GET + post + GET + HALF_HEAD, pause=0.5) as opened:
        answers = Answers(opened.makefile("rb", buffering=0))
        assert [answer_on(answers)[0] for _ in range(3)] == [200, 422, 200]
        opened.sendall(b"\r\n\r\n")
        assert answer_on(answers)[0] == 200


def test_a_browser_that_asks_whether_to_go_on_is_told_so(port):
    head, _, body = HALF_BODY.partition(b"\r\n\r\n")
    with sent(port, head + b"\r\nExpect: 100-continue\r\n\r\n") as opened:
        assert opened.recv(100).startswith(b"HTTP/1.1 100")
        opened.sendall(body + b"a" * (1000 - len(body)))
        assert answer_on(opened)[0] == 422


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", 411),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * serving.MOST_HEAD, 431),
        (b"nonsense\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", 400),
    ],
)
def test_what_cannot_be_gathered_is_refused_at_once(port, request_, status):
    with sent(port, request_) as opened:
        assert answer_on(opened)[0] == status
        assert opened.recv(1) == b""


def test_too_large_a_form_is_refused_in_words_that_its_sender_can_read(port):
    size = 60 * 1024**2
    head = b"POST /report HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=e\r\nContent-Length: %d\r\n\r\n"
    with sent(port, head % size, bytes(size)) as opened:
        status, page = answer_on(opened, "POST")
    assert status == 413 and "48 MB" in page


def test_who_does_not_hang_up_holds_nobody_up(port):
    with ExitStack() as kept:
        callers = [kept.enter_context(sent(port, b"GET /privacy HTTP/1.0\r\n\r\n")) for _ in range(30)]
        assert ask(port, timeout=20)[0] == 200
        assert {answer_on(opened)[0] for opened in callers} == {200}


def test_the_first_page_takes_a_form_of_many_fields_only_up_to_a_limit(port):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"a=&" * 2_000_000, b"what=" + b"%E6%96%B0" * 500_000):
        for path in ("/", "/report", "/sign-in"):
            status, page = ask(port, path, body, form)
            assert status == 413 and "填写的内容太多" in page
