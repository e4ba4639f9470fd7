"""An SMPP 3.4 peer written from the specification alone, with nothing but the standard library.

peer.py esme HOST PORT USER PASSWORD NUMBER TEXT   binds to a message centre and submits TEXT (UCS-2, parts by UDH), then prints
                                                   the receipt of each part
peer.py smsc PORT USER PASSWORD PHONE SCRIPT...    is a message centre; each word of SCRIPT is one of
    mo:TEXT      brings TEXT from PHONE, and waits for its answer
    again:TEXT   brings it twice under one sequence number
    cut          drops the connection and waits for the next bind
    until:WORD   waits until a text with WORD was submitted
It prints one line of JSON for everything that happens, and ends with its script.
"""
import json
import socket
import struct
import sys
import time

BINDS = {1: 0x80000001, 2: 0x80000002, 9: 0x80000009}
SUBMIT, DELIVER, UNBIND, ENQUIRE = 4, 5, 6, 0x15
RESP = 0x80000000


def say(**what):
    print(json.dumps(what, ensure_ascii=True), flush=True)


def pdu(command, status, sequence, body=b""):
    return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


def cstr(text):
    return text.encode("latin-1") + b"\0"


def read_exactly(sock, count):
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def read_pdu(sock):
    head = read_exactly(sock, 16)
    length, command, status, sequence = struct.unpack(">IIII", head)
    assert 16 <= length <= 70000, length
    return command, status, sequence, read_exactly(sock, length - 16)


def take_cstr(body, at):
    end = body.index(b"\0", at)
    return body[at:end].decode("latin-1"), end + 1


def read_message(body):
    _, at = take_cstr(body, 0)
    source, at = take_cstr(body, at + 2)
    dest, at = take_cstr(body, at + 2)
    esm = body[at]
    _, at = take_cstr(body, at + 3)
    _, at = take_cstr(body, at)
    registered, _, coding, _, length = body[at:at + 5]
    return source, dest, esm, registered, coding, body[at + 5:at + 5 + length]


def write_message(source, dest, esm, coding, octets, registered=0):
    return (cstr("") + b"\1\1" + cstr(source) + b"\1\1" + cstr(dest) + bytes([esm, 0, 0]) + cstr("") + cstr("")
            + bytes([registered, 0, coding, 0, len(octets)]) + octets)


def parts_of(text, reference):
    octets = text.encode("utf-16-be")
    if len(octets) <= 140:
        return [(0, octets)]
    cut = [octets[at:at + 134] for at in range(0, len(octets), 134)]
    return [(0x40, bytes([5, 0, 3, reference, len(cut), n + 1]) + part) for n, part in enumerate(cut)]


def esme(host, port, user, password, number, text):
    sock = socket.create_connection((host, int(port)), timeout=10)
    sock.sendall(pdu(9, 0, 1, cstr(user) + cstr(password) + cstr("") + bytes([0x34, 0, 0]) + cstr("")))
    command, status, _, _ = read_pdu(sock)
    say(bound=status == 0, command=command)
    if status:
        return
    parts = parts_of(text, 77)
    for n, (esm, octets) in enumerate(parts):
        sock.sendall(pdu(SUBMIT, 0, 2 + n, write_message("10086", number, esm, 8, octets, 1)))
    open_answers, receipts = len(parts), len(parts)
    while open_answers or receipts:
        command, status, sequence, body = read_pdu(sock)
        if command == SUBMIT | RESP:
            open_answers -= 1
            say(submitted=take_cstr(body, 0)[0], status=status)
        elif command == DELIVER:
            receipts -= 1
            say(receipt=read_message(body)[5].decode("latin-1"))
            sock.sendall(pdu(DELIVER | RESP, 0, sequence, b"\0"))
        elif command == ENQUIRE:
            sock.sendall(pdu(ENQUIRE | RESP, 0, sequence))
    sock.sendall(pdu(UNBIND, 0, 99))
    while read_pdu(sock)[0] != UNBIND | RESP:
        pass
    say(unbound=True)


class Centre:
    def __init__(self, port, user, password, phone):
        self.user, self.password, self.phone = user, password, phone
        self.server = socket.create_server(("127.0.0.1", int(port)))
        self.sock = None
        self.sequence = 0
        self.texts = []
        self.answered = set()
        self.names = 0
        self.long = {}

    def accept(self):
        self.sock, _ = self.server.accept()
        self.sock.settimeout(20)
        command, _, sequence, body = read_pdu(self.sock)
        user, at = take_cstr(body, 0)
        password, _ = take_cstr(body, at)
        good = (user, password) == (self.user, self.password) and command in BINDS
        self.sock.sendall(pdu(BINDS.get(command, RESP), 0 if good else 0x0E, sequence, cstr("PEER") if good else b""))
        say(bind=command, good=good)

    def step(self):
        command, status, sequence, body = read_pdu(self.sock)
        if command == ENQUIRE:
            self.sock.sendall(pdu(ENQUIRE | RESP, 0, sequence))
        elif command == DELIVER | RESP:
            self.answered.add(sequence)
            say(answer=sequence, status=status)
        elif command == SUBMIT:
            source, dest, esm, registered, coding, octets = read_message(body)
            self.names += 1
            self.sock.sendall(pdu(SUBMIT | RESP, 0, sequence, cstr("peer%d" % self.names)))
            text = self.whole(source, dest, esm, octets)
            if text is not None:
                self.texts.append(text)
                say(to=dest, source=source, text=text, coding=coding)

    def whole(self, source, dest, esm, octets):
        if not esm & 0x40:
            return octets.decode("utf-16-be")
        length = octets[0]
        reference, total, part = octets[3:6]
        parts = self.long.setdefault((source, dest, reference), {})
        parts[part] = octets[length + 1:]
        if len(parts) < total:
            return None
        return b"".join(parts[n] for n in sorted(parts)).decode("utf-16-be")

    def bring(self, text, times=1):
        for esm, octets in parts_of(text, self.sequence % 256):
            self.sequence += 1
            for _ in range(times):
                self.answered.discard(self.sequence)
                self.sock.sendall(pdu(DELIVER, 0, self.sequence, write_message(self.phone, "10086", esm, 8, octets)))
                while self.sequence not in self.answered:
                    self.step()

    def run(self, script):
        self.accept()
        for word in script:
            verb, _, rest = word.partition(":")
            if verb == "mo":
                self.bring(rest)
            elif verb == "again":
                self.bring(rest, 2)
            elif verb == "cut":
                self.sock.close()
                self.accept()
            elif verb == "until":
                while not any(rest in text for text in self.texts):
                    self.step()
        end = time.time() + 1
        self.sock.settimeout(0.2)
        while time.time() < end:
            try:
                self.step()
            except socket.timeout:
                pass
        say(end=True)


if __name__ == "__main__":
    if sys.argv[1] == "esme":
        esme(*sys.argv[2:])
    else:
        Centre(*sys.argv[2:6]).run(sys.argv[6:])
