"""Apache from the shipped files, and a static directory of its own on another port."""

import http.client
import os
import pathlib
import pwd
import shutil
import subprocess

from site_under_test import IS_ROOT, ROOT, at, can_connect, free_port, shipped, wait_until

MODULES = pathlib.Path("/usr/lib/apache2/modules")

MAIN = """\
ServerRoot "{run}"
DefaultRuntimeDir "{run}"
PidFile "{run}/apache.pid"
ServerName index.example
ErrorLog "{run}/apache.log"
LogLevel warn
Listen 127.0.0.1:{port}
Listen 127.0.0.1:{static_port}
MaxKeepAliveRequests 0
{modules}
{user}
TypesConfig /dev/null
DocumentRoot "{site}/static"
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<Directory "{site}/static">
    Require all granted
    ForceType "text/html; charset=utf-8"
</Directory>
Include "{run}/site.conf"
"""


class Apache:
    class Missing(Exception):
        pass

    def __init__(self, options, site, way, nothing=False):
        """`way` is mod_proxy_fcgi, to the site's responder, or mod_fcgid, to processes of its own; or, where `nothing`,
        to responders that do nothing, with the answer of the site's `null_page`."""
        self.name = "apache-null" if nothing else "apache"
        self.run, self.site = options.run / self.name, site
        self.responder = "null_page" if nothing else "pyindex"
        self.port, self.static_port = free_port(), free_port()
        self.program = shutil.which("apache2", path=os.environ["PATH"] + ":/usr/sbin")
        modules = "mpm_event authn_core authz_core alias asis dir env headers mime setenvif unique_id".split()
        modules += {"mod_proxy_fcgi": ["proxy", "proxy_fcgi"], "mod_fcgid": ["fcgid"]}[way]
        for name in modules:
            if not (MODULES / f"mod_{name}.so").exists() or not self.program:
                raise self.Missing(f"Apache with {name}")
        shutil.rmtree(self.run, ignore_errors=True)
        self.run.mkdir()
        lines = [f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in modules]
        if way == "mod_fcgid":
            lines += [f'FcgidIPCDir "{self.run}/fcgid"', f'FcgidProcessTableFile "{self.run}/fcgid.shm"']
            self.inherit()
        (self.run / "site.conf").write_text(shipped(f"apache/{way}.conf", self.places()))
        for name in ("pyindex.conf", "unavailable.asis"):
            shutil.copy(ROOT / "deploy/apache" / name, self.run)
        (self.run / "apache.conf").write_text(
            MAIN.format(
                run=self.run,
                site=site.run,
                port=self.port,
                static_port=self.static_port,
                modules="\n".join(lines),
                user="User www-data\nGroup www-data" if IS_ROOT else "",
            )
        )
        if way == "mod_fcgid":
            places = [("/usr/bin/pyindex-fcgi", options.binary), ("/etc/pyindex/config.toml", f"{self.run}/config.toml")]
            starter = shipped("apache/pyindex.fcgi", places)
            if nothing:
                starter = f"#!/bin/sh\nexec {site.run}/null_responder - {site.run}/null_page.answer 1\n"
            (self.run / "pyindex.fcgi").write_text(starter)
            (self.run / "pyindex.fcgi").chmod(0o755)

    def __enter__(self):
        command = [self.program, "-d", self.run, "-f", f"{self.run}/apache.conf", "-DFOREGROUND"]
        self.site.start(self.name, command)
        wait_until(lambda: can_connect(self.port) and self.get("/-/health")[0] == 200)
        return self

    def __exit__(self, *_):
        self.site.stop(self.name)

    def url(self, path):
        return at(self.port, path)

    def static_url(self, path):
        return at(self.static_port, path)

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def inherit(self):
        """The configuration of processes that Apache starts: the site's repository, places of their own."""
        text = (self.site.run / "config.toml").read_text()
        text = text.replace(f"{self.site.run}/pyindex.sock", "inherited").replace(f"{self.site.run}/", f"{self.run}/")
        (self.run / "config.toml").write_text(text)
        for name in ("cache", "state"):
            (self.run / name).mkdir()
            if IS_ROOT:
                user = pwd.getpwnam("www-data")
                os.chown(self.run / name, user.pw_uid, user.pw_gid)

    def places(self):
        places = [
            ("Define PYINDEX_CACHE /var/cache/pyindex", f"Define PYINDEX_CACHE {self.run}/cache"),
            ("Define PYINDEX_FILES /etc/apache2/pyindex", f"Define PYINDEX_FILES {self.run}"),
            ("<VirtualHost *:80>", f"<VirtualHost 127.0.0.1:{self.port}>"),
        ]
        if not (self.run / "config.toml").exists():
            places.append(("/run/pyindex/pyindex.sock", f"{self.site.run}/{self.responder}.sock"))
        return places
