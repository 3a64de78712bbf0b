"""The feed protocol as any language could write it (docs/feed-protocol.md): frames in and out, without protobuf's library.

So the tests can also say what no honest client says: cut, oversized, unknown and repeated frames.
"""
import socket

# Signal's field numbers (adapters/feed/feed.proto).
SEQ, KIND, AT_MS = 1, 2, 3
STRINGS = {"resident.number": 10, "peer.number": 11, "text": 12, "direction": 13, "state": 14, "app.action": 23,
           "peer.account": 24, "transfer.channel": 26, "transfer.state": 27, "instruction.id": 31, "level": 34,
           "fraud.type": 35}
KINDS = {"sms": 0, "call": 1, "url": 2, "app": 3, "transfer": 4, "report": 5, "instruction": 6}
# ServerFrame: its messages, by number, with the names of their fields.
SERVER_FRAMES = {1: ("ack", {1: "up_to_seq", 2: "accepted", 3: "rejected"}),
                 2: ("welcome", {1: "next_seq", 2: "max_frame", 3: "schema"}),
                 3: ("nack", {1: "seq", 2: "reason", 3: "detail"}),
                 4: ("goodbye", {1: "reason", 2: "code"}),
                 5: ("ping", {1: "id"}), 6: ("pong", {1: "id"})}


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_varint(data, at):
    """(value, the offset after it); None where it is cut."""
    value = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    return None


def number(field, value):
    return varint(field << 3) + varint(value)


def text(field, value):
    value = value if isinstance(value, bytes) else value.encode()
    return varint(field << 3 | 2) + varint(len(value)) + value


def sized(message):
    return varint(len(message)) + message


def hello(stream, token, version=1):
    return sized(text(2, text(2, stream) + text(3, token) + number(4, version)))


def goodbye(reason="done"):
    return sized(text(3, text(1, reason)))


def signal(seq, kind="sms", at_ms=None, **fields):
    """A Signal's frame; a field's dot is written as two underscores. `kind` may be a number that no kind has."""
    message = number(SEQ, seq) + number(KIND, KINDS.get(kind, kind))
    if at_ms is not None:
        message += number(AT_MS, at_ms << 1 if at_ms >= 0 else (-at_ms << 1) - 1)
    for name, value in fields.items():
        message += text(STRINGS[name.replace("__", ".")], value)
    return sized(text(1, message))


def parse(message):
    """{field number: value} of a message that repeats none: integers and bytes."""
    fields, at = {}, 0
    while at < len(message):
        tag, at = read_varint(message, at)
        value, at = read_varint(message, at)
        if tag & 7 == 2:
            value, at = message[at:at + value], at + value
        fields[tag >> 3] = value
    return fields


def parse_server_frame(body):
    """("ack", {"up_to_seq": 3, ...})"""
    (which, message), = parse(body).items()
    name, names = SERVER_FRAMES[which]
    fields = {names[key]: value.decode() if isinstance(value, bytes) else value for key, value in parse(message).items()}
    return name, fields


class Feed:
    """One connection of a feed. Every wait is bounded by `patience_s`."""

    def __init__(self, address, patience_s=30):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=patience_s)
        self.data = b""

    def send(self, *frames):
        self.socket.sendall(b"".join(frames))

    def end(self):
        """Says that no more comes, as a closed connection does, and still reads."""
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        self.socket.close()

    def read(self):
        """The server's next frame; (None, {}) where it has closed the connection."""
        while True:
            head = read_varint(self.data, 0)
            if head is not None and len(self.data) >= head[1] + head[0]:
                body, self.data = self.data[head[1]:head[1] + head[0]], self.data[head[1] + head[0]:]
                return parse_server_frame(body)
            more = self.socket.recv(64 * 1024)
            if not more:
                return None, {}
            self.data += more

    def read_until(self, wanted):
        """(the first frame of that name, all frames before it)"""
        before = []
        while True:
            name, fields = self.read()
            if name == wanted:
                return fields, before
            if name is None:
                raise AssertionError(f"the server closed the connection without {wanted}; it said {before}")
            before.append((name, fields))

    def greet(self, stream, token):
        self.send(hello(stream, token))
        return self.read_until("welcome")[0]["next_seq"]

    def read_acks(self, up_to_seq):
        """The nacks on the way to that ack, by seq, and the ack."""
        nacks = {}
        while True:
            name, fields = self.read()
            if name == "nack":
                nacks[fields["seq"]] = fields
            elif name == "ack" and fields["up_to_seq"] >= up_to_seq:
                return nacks, fields
            elif name in (None, "goodbye"):
                raise AssertionError(f"the connection ended before {up_to_seq} was acked: {fields}")
