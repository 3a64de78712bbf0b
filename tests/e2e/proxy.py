"""A proxy between a feed's client and the server, which counts the client's Signal frames and pulls the plug at a given one.

Its address stays while servers come and go: a client that connects between two servers waits until the next one is there.
"""
import socket
import threading

from wire import parse, parse_server_frame, read_varint

READ = 256 * 1024
SIGNAL, HELLO = 0x0A, 0x12  # the first byte of such a ClientFrame


def frames_of(data):
    """(begin, end) of each whole frame's body."""
    at = 0
    while (head := read_varint(data, at)) is not None and head[1] + head[0] <= len(data):
        at = head[1] + head[0]
        yield head[1], at


class Plug:
    """Pulled once, at frame `at` of those that pass after it was set. From `at - withheld` on the acks are withheld, so that
    the client has at least that many signals that nobody has acked, whether the server has committed them or not."""

    def __init__(self, at, withheld, pull):
        self.at, self.withheld, self.pull = at, withheld, pull
        self.unacked = 0  # of the client, when it was pulled
        self.pulled = threading.Event()


class Proxy:
    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.lock = threading.Condition()  # of everything below
        self.server = None  # (host, port) while there is one
        self.plug = None
        self.frames = 0  # Signal frames that passed since the plug was set
        self.acked = {}  # by connection: what its client was told
        self.sent = {}  # by connection: the last seq that passed
        self.streams = {}  # by connection: what it said in its Hello
        self.welcomes = []  # every (stream, next_seq), in order
        self.closed = False
        threading.Thread(target=self.accept, daemon=True).start()

    def connect_to(self, address, plug=None):
        """Lets the clients through to a server, until the plug is pulled."""
        host, port = address.rsplit(":", 1)
        with self.lock:
            self.server, self.plug, self.frames = (host, int(port)), plug, 0
            self.acked, self.sent = {}, {}
            self.lock.notify_all()

    def close(self):
        with self.lock:
            self.closed = True
            self.lock.notify_all()
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self.join, args=(client,), daemon=True).start()

    def join(self, client):
        with self.lock:
            self.lock.wait_for(lambda: self.server or self.closed)
            place, plug = self.server, self.plug
        try:
            server = socket.create_connection(place)
        except (OSError, TypeError):
            client.close()
            return
        back = threading.Thread(target=self.pass_back, args=(server, client, plug), daemon=True)
        back.start()
        self.pass_on(client, server, plug)

    def pass_on(self, client, server, plug):
        """Whole frames from the client, counted."""
        data = b""
        try:
            while more := client.recv(READ):
                data += more
                passed = self.count(client, data, plug)
                server.sendall(data[:passed])
                data = data[passed:]
                self.pull_if_due(plug)
        except OSError:
            pass
        self.hang_up(server, client)

    def count(self, client, data, plug):
        """How many bytes may pass: every whole frame, but none after the plug's."""
        signals = at = 0
        with self.lock:
            left = plug.at - self.frames if plug else len(data)
            for begin, end in frames_of(data):
                if signals == left:
                    break
                if data[begin] == SIGNAL:
                    signals += 1
                    message = read_varint(data, begin + 1)[1]
                    self.sent[client] = read_varint(data, message + 1)[0]  # its seq comes first
                elif data[begin] == HELLO:
                    self.streams[client] = parse(parse(data[begin:end])[2])[2].decode()
                at = end
            self.frames += signals
        return at

    def pull_if_due(self, plug):
        with self.lock:
            if plug is None or plug.pulled.is_set() or self.frames < plug.at:
                return
            plug.unacked = sum(seq - self.acked[client] for client, seq in self.sent.items())
            self.server = None
            plug.pull()
            plug.pulled.set()

    def pass_back(self, server, client, plug):
        """Whole frames from the server, but for the acks that the plug withholds."""
        data = b""
        try:
            while more := server.recv(READ):
                data += more
                at = 0
                for begin, end in frames_of(data):
                    if self.may_return(client, data[begin:end], plug):
                        client.sendall(data[at:end])
                    at = end
                data = data[at:]
        except OSError:
            pass
        self.hang_up(server, client)

    def may_return(self, client, body, plug):
        name, fields = parse_server_frame(body)
        with self.lock:
            if name == "welcome":
                self.welcomes.append((self.streams[client], fields["next_seq"]))
                self.acked[client] = fields["next_seq"] - 1
            if name == "ack":
                if plug and self.frames >= plug.at - plug.withheld:
                    return False
                self.acked[client] = fields["up_to_seq"]
            return True

    @staticmethod
    def hang_up(*sockets):
        for each in sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()
