# SPDX-License-Identifier: Apache-2.0
"""TLS servers to talk to, each a context manager with .host, .port and .target: Python's ssl
module, `openssl s_server`, nginx, and raw sockets that do as they like. All on loopback."""

import contextlib
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

# How long anything may take before a test gives up on it; far above what it does take.
PATIENCE = 20

TLS_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
VERIFY_MODES = {"none": ssl.CERT_NONE, "optional": ssl.CERT_OPTIONAL, "required": ssl.CERT_REQUIRED}


def target(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def free_port(host: str) -> int:
    """A port that was free a moment ago, for servers that cannot choose one themselves."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def has_ipv6() -> bool:
    try:
        free_port("::1")
    except OSError:
        return False
    return True


class RawServer:
    """Accepts connections and gives each to `serve`, in a thread of its own; `serve` may return, or
    raise OSError, when the client is gone. `self.closing` is set when the test is over."""

    def __init__(self, serve, *, host: str = "127.0.0.1"):
        self._serve = serve
        self.host = host
        self.closing = threading.Event()
        self._threads = []

    def __enter__(self):
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._listener = socket.create_server((self.host, 0), family=family)
        self.port = self._listener.getsockname()[1]
        self.target = target(self.host, self.port)
        self._start(self._accept)
        return self

    def __exit__(self, *_):
        self.closing.set()
        # close() alone does not wake a thread that waits in accept().
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _start(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.settimeout(PATIENCE)
                self._start(self._run, connection)

    def _run(self, connection):
        with connection, contextlib.suppress(OSError):
            self._serve(connection)


def server_context(identity, *, version=None, verify="none", cafile=None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.chain, identity.key)
    context.verify_mode = VERIFY_MODES[verify]
    if cafile:
        context.load_verify_locations(cafile)
    if version:
        context.minimum_version = context.maximum_version = TLS_VERSIONS[version]
    return context


class PythonServer(RawServer):
    """Python's ssl module. Tells each client over HTTP what getpeercert() gives of it, and keeps
    that or the SSLError in `peers`. `sni` holds the identities for other server names."""

    def __init__(self, identity, *, host="127.0.0.1", sni=None, **settings):
        super().__init__(self._answer, host=host)
        self._context = server_context(identity, **settings)
        others = {name: server_context(i, **settings) for name, i in (sni or {}).items()}
        self.peers = []

        def choose(sock, name, _):
            sock.context = others.get(name, self._context)

        self._context.sni_callback = choose

    def _answer(self, connection):
        try:
            tls = self._context.wrap_socket(connection, server_side=True)
        except ssl.SSLError as error:
            self.peers.append(error)
            raise
        with tls:
            peer = tls.getpeercert()
            self.peers.append(peer)
            if tls.recv(4096):
                tls.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + f"{peer!r}\n".encode())
                tls.unwrap()


class ProcessServer:
    """A server program: its folder, its output, its end."""

    def __init__(self, identity, *, host="127.0.0.1", version=None, verify="none", cafile=None,
                 sni=None):
        self.identity, self.host, self.version = identity, host, version
        self.verify, self.cafile, self.sni = verify, cafile, sni or {}

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="peercert-server-"))
            self.folder = pathlib.Path(name)
            self.port = self.start(stack)
            self.target = target(self.host, self.port)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def run(self, stack, command) -> subprocess.Popen:
        log = stack.enter_context(open(self.folder / "output", "wb"))
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=subprocess.STDOUT, cwd=self.folder)
        stack.callback(_end, process)
        return process

    def output(self) -> str:
        return (self.folder / "output").read_text(errors="replace")

    def wait_for(self, process, what):
        """What `what()` gives once it is neither None nor False; else an error with the output."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := what():
                return found
            if process.poll() is not None:
                break
            time.sleep(0.01)
        raise RuntimeError(f"{process.args[0]}, exit status {process.returncode}, is not there or "
                           f"not ready: {self.output()}")


def _end(process):
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class OpenSSLServer(ProcessServer):
    """`openssl s_server`."""

    def start(self, stack) -> int:
        command = ["openssl", "s_server", "-rev", "-accept", target(self.host, 0),
                   "-cert", self.identity.certificate, "-key", self.identity.key,
                   "-cert_chain", self.identity.chain]
        if self.version:
            command.append({"1.2": "-tls1_2", "1.3": "-tls1_3"}[self.version])
        if self.cafile:
            command += ["-CAfile", self.cafile]
        if self.verify != "none":
            flag = "-Verify" if self.verify == "required" else "-verify"
            command += [flag, "4", "-verify_return_error"]
        process = self.run(stack, list(map(str, command)))
        ready = self.wait_for(process, lambda: re.search(r"ACCEPT .*:(\d+)", self.output()))
        return int(ready[1])


class NginxServer(ProcessServer):
    """nginx as one process in a folder of its own."""

    _MAIN = """
        daemon off; master_process off; pid nginx.pid; error_log error.log; worker_processes 1;
        events {{ worker_connections 64; }}
        http {{
          access_log off; client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t;
          uwsgi_temp_path t; scgi_temp_path t;
          {common}
          {servers}
        }}
    """
    _SERVER = """
          server {{
            listen {listen} ssl; server_name {name};
            ssl_certificate {identity.chain}; ssl_certificate_key {identity.key};
            location / {{ return 200 "$ssl_client_s_dn\\n"; }}
          }}
    """
    _ATTEMPTS = 5

    def start(self, stack) -> int:
        for _ in range(self._ATTEMPTS - 1):
            with contextlib.suppress(RuntimeError), contextlib.ExitStack() as attempt:
                port = self._start_once(attempt)
                stack.push(attempt.pop_all())
                return port
        # The port was taken in between, every time? Let the error be seen.
        return self._start_once(stack)

    def _start_once(self, stack) -> int:
        port = free_port(self.host)
        config = self.folder / "nginx.conf"
        config.write_text(self._config(port))
        command = ["nginx", "-p", self.folder, "-c", config, "-e", self.folder / "error.log"]
        process = self.run(stack, list(map(str, command)))
        # Written once the sockets listen; to connect could reach somebody else's server.
        self.wait_for(process, (self.folder / "nginx.pid").exists)
        return port

    def _config(self, port: int) -> str:
        common = []
        if self.version:
            common.append(f"ssl_protocols TLSv{self.version};")
        if self.verify != "none":
            common.append(f"ssl_verify_depth 4; ssl_client_certificate {self.cafile};")
            common.append(f"ssl_verify_client {'on' if self.verify == 'required' else 'optional'};")
        identities = {"_": self.identity, **self.sni}
        servers = (self._SERVER.format(listen=target(self.host, port), name=name, identity=identity)
                   for name, identity in identities.items())
        return self._MAIN.format(common="\n".join(common), servers="\n".join(servers))


def has_nginx() -> bool:
    return shutil.which("nginx") is not None
