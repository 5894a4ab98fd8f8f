"""The gunicorn worker: a request is whole before a thread is taken for it.

gunicorn's own gthread gives each connection a thread at once, so that 64 half-sent forms stop everybody. Here the loop that
accepts connections also gathers requests, on disk where they are large; who is slow waits for nobody but itself.
"""

import os
import re
import socket
import time
from functools import partial
from selectors import EVENT_READ
from tempfile import SpooledTemporaryFile
from typing import Any

from gunicorn import util
from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker

from gi_trace.config import settings_from_environment

SETTINGS = settings_from_environment()
PATIENCE, SLOWEST = 20, 2000  # seconds, and one more for every so many bytes that came
STALLED = 60_000  # milliseconds in which a reader of an answer takes nothing of it
MOST_HEAD, IN_MEMORY, AT_ONCE = 32_768, 65_536, 262_144  # bytes
MOST_WAITING, MOST_BYTES = 300, 512 * 1024**2  # of a worker; beyond that whoever has waited longest goes
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
CONTINUES = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
ANSWER = "HTTP/1.1 {}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\r\n"
TOO_SLOW = ("408 Request Timeout", "发送得太慢，没有收完。请再试一次。\n")
NO_FAULT: tuple[str, ...] = ()
HEAD_TOO_LONG = ("431 Request Header Fields Too Large", "请求的头部太长，没有收下。\n")
NO_LENGTH = ("411 Length Required", "请求须写明 Content-Length；不收分块传输的内容。\n")


class Caller(TConn):
    """A connection, and what has arrived of its next request; a thread reads from here as from the socket."""

    most_body = max(SETTINGS["UPLOAD_MB"], SETTINGS["PHOTOS_MB"]) * 1024**2

    def __init__(self, *told: Any):
        super().__init__(*told)
        self.parser = get_parser(self.cfg, self, self.client)
        self.initialized = self.data_ready = True
        self.ahead = b""  # of what comes after the request
        self.is_leaving = False
        self.begin()

    def begin(self) -> None:
        self.arrived = SpooledTemporaryFile(IN_MEMORY)
        self.size, self.unread = 0, 0
        self.due: int | None = None  # bytes, once the head is there
        self.fault = NO_FAULT
        self.since = time.monotonic()
        self.take(self.parser.unreader.take_buffered())

    @property
    def deadline(self) -> float:
        return self.since + PATIENCE + self.size / SLOWEST

    @property
    def is_whole(self) -> bool:
        return self.due is not None and self.size >= self.due

    def take(self, came: bytes) -> None:
        self.arrived.write(came)
        self.size += len(came)
        if self.due is None:
            self._look_for_end_of_head()
        if self.due is not None and self.size >= self.due:
            self.arrived.seek(self.due)
            self.ahead = self.arrived.read()
            self.arrived.truncate(self.due)
            self.arrived.seek(0)
            self.size = self.due

    def _look_for_end_of_head(self) -> None:
        self.arrived.seek(0)
        head, end, _ = self.arrived.read(MOST_HEAD).partition(b"\r\n\r\n")
        self.arrived.seek(0, os.SEEK_END)
        if not end:
            self.fault = HEAD_TOO_LONG if self.size >= MOST_HEAD else NO_FAULT
            return
        head += b"\r\n"
        length = CONTENT_LENGTH.search(head)
        body = int(length[1]) if length else 0
        self.fault = NO_LENGTH if CHUNKED.search(head) else NO_FAULT
        if body > self.most_body:  # from who is signed in, or refused: the app knows, and reads it from here
            self.unread, body = body, 0
        self.due = len(head) + 2 + body
        if self.size < self.due and CONTINUES.search(head):
            self.say(b"HTTP/1.1 100 Continue\r\n\r\n")

    def recv(self, size: int) -> bytes:
        """For the parser, in a thread: the request, then nothing; of a large body, what the socket brings in time."""
        if (came := self.arrived.read(size)) or not self.unread:
            return came
        came, self.ahead = (self.ahead[:size], self.ahead[size:]) if self.ahead else (self._wait(size), b"")
        self.size += len(came)
        self.unread = max(0, self.unread - len(came))
        return came

    def _wait(self, size: int) -> bytes:
        try:
            self.sock.settimeout(max(0.1, self.deadline - time.monotonic()))
            return self.sock.recv(size)
        except TimeoutError:
            return b""
        finally:
            self.sock.settimeout(None)

    def refuse(self, status: str, text: str) -> None:
        self.say(f"{ANSWER.format(status, len(text.encode()))}{text}".encode())

    def say(self, words: bytes) -> None:
        try:
            self.sock.send(words)
        except OSError:
            pass

    def close(self, graceful: bool = False) -> None:
        """At once: gunicorn would wait for the other side, and all connections with it."""
        self.arrived.close()
        util.close(self.sock)


class PatientWorker(ThreadWorker):
    """Callers wait here, oldest first, without a thread each."""

    def __init__(self, *args: Any, **settings: Any):
        super().__init__(*args, **settings)
        self.waiting: dict[Caller, None] = {}
        self.looked = 0.0

    def accept(self, listener: socket.socket) -> None:
        try:
            sock, address = listener.accept()
        except OSError:  # gone meanwhile, or taken by another worker
            return
        sock.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, PATIENCE * 1000
        )  # who stops reading answers
        self.nr_conns += 1
        self.enqueue_req(Caller(self.cfg, sock, address, listener.getsockname()))

    def enqueue_req(self, conn: Caller) -> None:
        """Called by gunicorn for every new request; it takes a thread when it is whole."""
        if conn.size:  # the one before is done
            conn.arrived.close()
            conn.begin()
        conn.sock.setblocking(False)
        self.on_arrival(conn)

    def on_arrival(self, conn: Caller, _: object = None) -> None:
        if conn.is_whole or conn.fault:  # came with the request before
            return self._go_on(conn)
        try:
            came = conn.sock.recv(AT_ONCE)
        except BlockingIOError:
            return self._wait_for(conn)
        except OSError:
            came = b""
        if not came:
            return self._drop(conn)
        if not conn.is_leaving:
            conn.take(came)
        self._go_on(conn)

    def _go_on(self, conn: Caller) -> None:
        if conn.fault:
            conn.refuse(*conn.fault)
            self._leave(conn)
        elif conn.is_whole:
            self._no_longer_wait_for(conn)
            super().enqueue_req(conn)
        else:
            self._wait_for(conn)

    def _keepalive_after(self, conn: Caller, keepalive: bool) -> bool:
        if conn.unread or not super()._keepalive_after(conn, keepalive):
            return False
        conn.parser.unreader.unread(conn.ahead)
        conn.ahead = b""
        return True

    def finish_request(self, conn: Caller, fs: Any) -> None:
        if conn.unread:
            self._leave(conn)
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Called by gunicorn's loop, at least once a second."""
        now = time.monotonic()
        if now - self.looked < 1:
            return
        self.looked = now
        for conn in [conn for conn in self.waiting if conn.deadline < now]:
            if conn.size and not conn.is_leaving:
                conn.refuse(*TOO_SLOW)
            self._drop(conn)

    def _wait_for(self, conn: Caller) -> None:
        if conn in self.waiting:
            return
        self.waiting[conn] = None
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_arrival, conn))
        while len(self.waiting) > MOST_WAITING or sum(conn.size for conn in self.waiting) > MOST_BYTES:
            self._drop(next(iter(self.waiting)))

    def _no_longer_wait_for(self, conn: Caller) -> None:
        if conn in self.waiting:
            del self.waiting[conn]
            self.poller.unregister(conn.sock)

    def _leave(self, conn: Caller) -> None:
        """Who is refused in the middle of what it sends reads why only when it may send on for a while."""
        conn.is_leaving, conn.fault, conn.due = True, NO_FAULT, None
        conn.size, conn.since = 0, time.monotonic()
        conn.sock.setblocking(False)
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            return self._drop(conn)
        self._wait_for(conn)

    def _drop(self, conn: Caller) -> None:
        self._no_longer_wait_for(conn)
        self.nr_conns -= 1
        conn.close()
