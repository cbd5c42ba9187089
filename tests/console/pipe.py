"""Standard input and output, joined to a Unix socket: `pipe.py SOCKET`. QEMU starts one for each connection."""

import os
import socket
import sys
import threading


def main() -> None:
    with socket.socket(socket.AF_UNIX) as engine:
        engine.connect(sys.argv[1])

        def send() -> None:
            while data := os.read(0, 65536):
                engine.sendall(data)
            engine.shutdown(socket.SHUT_WR)

        threading.Thread(target=send, daemon=True).start()
        while data := engine.recv(65536):
            os.write(1, data)


if __name__ == "__main__":
    main()
