"""A line that cuts: a TCP proxy that breaks some of its connections, after any byte, whichever way it goes."""

import random
import socket
import struct
from contextlib import suppress
from threading import Lock, Thread

MOUTHFUL = 1 << 14
RESET = struct.pack("ii", 1, 0)


class Cutter:
    """Stands between phones and a city; `share` of the connections break.

    They break after at most `reach` bytes up or `back` down. `port` is where phones come.
    `made` and `cut` are counts of connections.
    """

    def __init__(self, city, share, *, reach, back, seed):
        self.city, self.share, self.reach, self.back = city, share, reach, back
        self.made = self.cut = 0
        self._dice, self._lock = random.Random(seed), Lock()
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._server.getsockname()[1]
        Thread(target=self._listen, daemon=True).start()

    def close(self):
        """Take no more connections."""
        self._server.close()

    def _listen(self):
        with suppress(OSError):  # closed
            while True:
                phone, _ = self._server.accept()
                Thread(target=self._serve, args=(phone,), daemon=True).start()

    def _serve(self, phone):
        try:
            city = socket.create_connection(self.city, timeout=30)
            if city.getsockname() == self.city:  # nobody is there, and the line has met itself
                city.close()
                raise ConnectionRefusedError
        except OSError:
            _break(phone)
            phone.close()
            return
        up, down = self._fate()
        back = Thread(target=self._pass, args=(city, phone, down), daemon=True)
        back.start()
        self._pass(phone, city, up)
        back.join()
        phone.close()
        city.close()

    def _fate(self):
        """Draw after how many bytes each way the connection breaks; None where it holds."""
        with self._lock:
            self.made += 1
            if self._dice.random() >= self.share:
                return None, None
            self.cut += 1
            if self._dice.random() < 0.5:
                return self._dice.randrange(self.reach), None
            return None, self._dice.randrange(self.back)

    def _pass(self, source, target, left):
        """Pass on what comes; break both ends when `left` bytes have gone, or when one of them has broken."""
        try:
            while piece := source.recv(MOUTHFUL):
                if left is not None and len(piece) > left:
                    target.sendall(piece[:left])
                    raise ConnectionAbortedError
                target.sendall(piece)
                left = left if left is None else left - len(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            _break(source)
            _break(target)


def _break(end):
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.shutdown(socket.SHUT_RDWR)
