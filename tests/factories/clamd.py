"""A clamd for tests: the real protocol over TCP on the loopback, with an answer that the test chooses."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# The harmless test file of the anti-virus industry, in two parts so that scanners leave this source alone.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class FakeClamd:
    """`mode`: "scan" looks for EICAR; "error" and "close" fail; "hang" reads all and never answers."""

    port: int = 0
    mode: str = "scan"
    scanned: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port


@contextmanager
def clamd(mode: str = "scan") -> Iterator[FakeClamd]:
    """The server, as long as the block runs."""
    fake = FakeClamd(mode=mode)

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            command = self.rfile.readline()
            if fake.mode == "close":
                return
            if command == b"nVERSION\n":
                self.wfile.write(b"ClamAV 1.4.3/27700/Sat Nov 28 09:00:00 2026\n")
            elif command == b"nINSTREAM\n":
                self.scan()

        def scan(self) -> None:
            data = b""
            while size := struct.unpack("!L", self.rfile.read(4))[0]:
                data += self.rfile.read(size)
            fake.scanned.append(len(data))
            if fake.mode == "hang":
                fake.over.wait(30)
            elif fake.mode == "error":
                self.wfile.write(b"stream: Can't allocate memory ERROR\n")
            else:
                self.wfile.write(b"stream: Eicar-Test-Signature FOUND\n" if EICAR in data else b"stream: OK\n")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Talk) as server:
        fake.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            fake.over.set()
            server.shutdown()
            thread.join(10)
