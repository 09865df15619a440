# SPDX-License-Identifier: Apache-2.0
"""Servers as Debian packages them, whose protocols begin in plain text: each in a folder of its
own, on ports of 127.0.0.1, without what the package has set up."""

import os
import pathlib
import pwd
import shutil
import socket
import subprocess

from support.servers import PATIENCE, ProcessServer, free_port


def _find(program: str) -> str | None:
    """Where it is; most servers are not in the PATH of those who are not root."""
    return shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


class StartTlsServer(ProcessServer):
    """One process, or one that starts others and ends them: a port for each of its protocols."""

    program = ""       # a command, or a path
    protocols = ()
    user = None        # who runs it where root runs the tests
    needs_root = False

    @classmethod
    def why_not(cls) -> str | None:
        """Why it cannot be started here."""
        if not _find(cls.program):
            return f"{cls.program} is not installed: scripts/packages servers"
        if cls.needs_root and os.geteuid() != 0:
            return f"{cls.program} has to be started by root"
        return None

    def start(self, stack) -> int:
        self.ports = {protocol: free_port(self.host) for protocol in self.protocols}
        self.certificate, self.key = self.folder / "certificate.pem", self.folder / "key.pem"
        shutil.copy(self.identity.chain, self.certificate)
        shutil.copy(self.identity.key, self.key)
        self.folder.chmod(0o755)
        self.key.chmod(0o600)
        self._give_away()
        program, *arguments = self.configure()
        self._give_away()
        command = [*self._as_user(), _find(program), *map(str, arguments)]
        process = self.run(stack, command)
        for port in self.ports.values():
            self.wait_for(process, lambda port=port: self._listens(port))
        return next(iter(self.ports.values()))

    def configure(self) -> list:
        """Writes what the server needs into the folder; its command."""
        raise NotImplementedError

    def write(self, name: str, text: str) -> pathlib.Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def prepare(self, *command):
        """A command that has to be done before the server can start."""
        self._give_away()
        done = subprocess.run([*self._as_user(), *map(str, command)], capture_output=True,
                              cwd=self.folder, timeout=PATIENCE, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]}: {(done.stdout + done.stderr).decode()}")

    def _as_user(self):
        if not self.user or os.geteuid() != 0:
            return []
        group = pwd.getpwnam(self.user).pw_gid
        return ["setpriv", f"--reuid={self.user}", f"--regid={group}", "--clear-groups"]

    def _give_away(self):
        if self._as_user():
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self.user)

    def _listens(self, port) -> bool:
        try:
            socket.create_connection((self.host, port), PATIENCE).close()
        except OSError:
            return False
        return True


class Postfix(StartTlsServer):
    program, protocols, needs_root = "postfix", ("smtp",), True

    def configure(self):
        for name in ("queue", "data", "queue/pid", "queue/private", "queue/public"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        shutil.chown(self.folder / "queue/private", "postfix")
        shutil.chown(self.folder / "queue/public", "postfix", "postdrop")
        self.write("main.cf", f"""
            compatibility_level = 3.6
            myhostname = mail.example.test
            queue_directory = {self.folder}/queue
            data_directory = {self.folder}/data
            maillog_file = {self.folder}/log
            maillog_file_prefixes = {self.folder}
            local_recipient_maps =
            inet_interfaces = {self.host}
            smtpd_tls_security_level = may
            smtpd_tls_chain_files = {self.key}, {self.certificate}
            """.replace("\n            ", "\n"))
        self.write("master.cf", f"""
{self.host}:{self.ports["smtp"]} inet n - n - - smtpd
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
""")
        return ["/usr/lib/postfix/sbin/master", "-c", self.folder, "-d"]


class Dovecot(StartTlsServer):
    program, protocols, needs_root = "dovecot", ("imap", "pop3", "sieve", "lmtp"), True

    _LISTENER = """
        service {service} {{
          inet_listener {name} {{
            address = {host}
            port = {port}
          }}
          {others}
        }}
    """

    def configure(self):
        services = {"imap": "imap-login", "pop3": "pop3-login", "sieve": "managesieve-login",
                    "lmtp": "lmtp"}
        # What the packages would listen on besides.
        others = {"imap": "inet_listener imaps {\nport = 0\n}",
                  "pop3": "inet_listener pop3s {\nport = 0\n}", "sieve": "", "lmtp": ""}
        listeners = (self._LISTENER.format(service=services[each], name=each, host=self.host,
                                           port=self.ports[each], others=others[each])
                     for each in self.protocols)
        return ["dovecot", "-F", "-c", self.write("dovecot.conf", f"""
            base_dir = {self.folder}/run
            state_dir = {self.folder}/state
            log_path = /dev/stderr
            protocols = imap pop3 sieve lmtp
            listen = {self.host}
            ssl = yes
            ssl_cert = <{self.certificate}
            ssl_key = <{self.key}
            passdb {{
              driver = static
            }}
            {"".join(listeners)}
            """)]


class Vsftpd(StartTlsServer):
    program, protocols = "vsftpd", ("ftp",)

    def configure(self):
        (self.folder / "empty").mkdir()
        options = {
            "listen": "YES", "listen_address": self.host, "listen_port": self.ports["ftp"],
            "background": "NO", "run_as_launching_user": "YES", "ssl_enable": "YES",
            "rsa_cert_file": self.certificate, "rsa_private_key_file": self.key,
            "secure_chroot_dir": self.folder / "empty", "ssl_ciphers": "HIGH",
            "seccomp_sandbox": "NO"}
        text = "".join(f"{name}={value}\n" for name, value in options.items())
        return ["vsftpd", self.write("vsftpd.conf", text)]


class Slapd(StartTlsServer):
    program, protocols = "slapd", ("ldap",)

    def configure(self):
        config = self.write("slapd.conf", f"TLSCertificateFile {self.certificate}\n"
                                          f"TLSCertificateKeyFile {self.key}\n"
                                          f"pidfile {self.folder}/slapd.pid\n")
        return ["slapd", "-d", "0", "-h", f"ldap://{self.host}:{self.ports['ldap']}", "-f", config]


class Postgres(StartTlsServer):
    program, protocols = "/usr/lib/postgresql/15/bin/postgres", ("postgres",)
    user = "postgres"

    def configure(self):
        data = self.folder / "data"
        self.prepare("/usr/lib/postgresql/15/bin/initdb", "--no-sync", "-A", "reject", "-D", data)
        settings = {"listen_addresses": self.host, "unix_socket_directories": "",
                    "ssl": "on", "ssl_cert_file": self.certificate, "ssl_key_file": self.key}
        options = (f"-c{name}={value}" for name, value in settings.items())
        return [self.program, "-D", data, "-p", self.ports["postgres"], *options]


class Mariadb(StartTlsServer):
    program, protocols, user = "mariadbd", ("mysql",), "mysql"

    def configure(self):
        (self.folder / "data").mkdir()
        return ["mariadbd", "--no-defaults", f"--datadir={self.folder}/data",
                f"--bind-address={self.host}", f"--port={self.ports['mysql']}",
                f"--socket={self.folder}/socket", f"--pid-file={self.folder}/pid",
                "--skip-grant-tables", "--skip-networking=0", "--innodb=OFF",
                "--default-storage-engine=MyISAM", f"--ssl-cert={self.certificate}",
                f"--ssl-key={self.key}"]


class Prosody(StartTlsServer):
    program, protocols = "prosody", ("xmpp", "xmpp-server")

    def configure(self):
        (self.folder / "data").mkdir()
        config = self.write("prosody.cfg.lua", f"""
            run_as_root = true
            data_path = "{self.folder}/data"
            pidfile = "{self.folder}/prosody.pid"
            log = {{ {{ levels = {{ min = "warn" }}, to = "console" }} }}
            interfaces = {{ "{self.host}" }}
            c2s_ports = {{ {self.ports["xmpp"]} }}
            s2s_ports = {{ {self.ports["xmpp-server"]} }}
            modules_enabled = {{ "tls", "saslauth" }}
            modules_disabled = {{ "s2s_auth_certs" }}
            ssl = {{ certificate = "{self.certificate}"; key = "{self.key}" }}
            VirtualHost "server.example.test"
            """)
        return ["prosody", "--config", config, "-F"]


class Inspircd(StartTlsServer):
    program, protocols = "inspircd", ("irc",)

    def configure(self):
        config = self.write("inspircd.conf", f"""
            <server name="irc.example.test" description="test" network="test">
            <bind address="{self.host}" port="{self.ports["irc"]}" type="clients">
            <connect allow="*" resolvehostnames="no">
            <pid file="{self.folder}/inspircd.pid">
            <path configdir="{self.folder}" datadir="{self.folder}" logdir="{self.folder}"
                  runtimedir="{self.folder}">
            <module name="ssl_gnutls">
            <sslprofile name="tls" provider="gnutls" certfile="{self.certificate}"
                        keyfile="{self.key}">
            <starttls sslprofile="tls">
            <module name="starttls">
            """)
        return ["inspircd", "--nofork", "--runasroot", "--nopid", "--config", config]


class Nnrpd(StartTlsServer):
    """INN's server for readers. Its package cannot be installed on a machine without a domain, and
    so is not one of scripts/packages."""

    program, protocols, user = "/usr/lib/news/bin/nnrpd", ("nntp",), "news"

    def configure(self):
        for name in ("run", "tmp", "db", "spool"):
            (self.folder / name).mkdir()
        inn = self.write("inn.conf", f"""
mta: "/bin/true"
domain: example.test
pathhost: news.example.test
hismethod: hisv6
ovmethod: tradindexed
pathnews: /usr/lib/news
pathetc: {self.folder}
pathrun: {self.folder}/run
pathtmp: {self.folder}/tmp
pathdb: {self.folder}/db
patharticles: {self.folder}/spool
pathoverview: {self.folder}/spool
tlscafile: {self.certificate}
tlscertfile: {self.certificate}
tlskeyfile: {self.key}
""")
        self.write("db/active", "junk 0 1 y\n")
        for name in ("active.times", "history", "newsgroups"):
            self.write(f"db/{name}", "")
        self.write("storage.conf", 'method trash {\n newsgroups: *\n class: 0\n}\n')
        for tool in (["makedbz", "-i", "-o"], ["makehistory", "-O", "-x", "-F"]):
            self.prepare("env", f"INNCONF={inn}", f"/usr/lib/news/bin/{tool[0]}", *tool[1:])
        self.write("readers.conf", 'auth a {\n hosts: "*"\n default: "<x>"\n}\n'
                                   'access a {\n users: "<x>"\n newsgroups: *\n}\n')
        return ["env", f"INNCONF={inn}", self.program, "-D", "-f", "-p", self.ports["nntp"],
                "-c", self.folder / "readers.conf"]


class Xrdp(StartTlsServer):
    program, protocols = "xrdp", ("rdp",)

    def configure(self):
        config = self.write("xrdp.ini", f"""
[Globals]
port=tcp://{self.host}:{self.ports["rdp"]}
security_layer=tls
certificate={self.certificate}
key_file={self.key}
ssl_protocols=TLSv1.2, TLSv1.3
[Logging]
LogFile={self.folder}/log
LogLevel=INFO
EnableSyslog=false
""")
        return ["xrdp", "--nodaemon", "--config", config]


SERVERS = (Postfix, Dovecot, Vsftpd, Slapd, Postgres, Mariadb, Prosody, Inspircd, Nnrpd, Xrdp)
