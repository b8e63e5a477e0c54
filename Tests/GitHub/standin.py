"""GitHub as far as the tests need it: REST, GraphQL and the host that assets are downloaded from, on loopback.

    standin.py WORLD LOG SCHEMA

WORLD is a file of JSON that says what there is and what goes wrong; it is read for each request, so a test changes it
at any time. LOG gets a line of JSON for each request. SCHEMA is GitHub's published GraphQL schema: every query is
validated against it, where there is such a file. The first line on standard output is `ready PORT ASSETS-PORT`.

The world:

    tokens    token -> patterns of repositories that it may see (fnmatch)
    repositories  owner/name -> {"releases": [{tag, draft, prerelease, assets: [{name, path, digest}]}], "id"}
    moved     owner/name -> owner/name
    page      entries of a page at most, whatever was asked for
    limit     requests (points) that a token has
    lifetime  seconds for which a download URL is good
    faults    "rest", "graphql", "asset", "download" -> {status, headers, body}
"""

import base64
import fnmatch
import hashlib
import json
import os
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import graphql

PREFIX = "/api/v3"


class World:
    """What there is just now."""

    def __init__(self, path, log, schema):
        self.path, self.log = path, open(log, "a", buffering=1)
        self.lock = threading.Lock()
        self.used = {}
        self.secret = os.urandom(8).hex()
        self.schema = None
        if os.path.exists(schema):
            with open(schema) as file:
                self.schema = graphql.build_schema(file.read(), assume_valid=True)

    def read(self):
        with open(self.path) as file:
            return json.load(file)

    def note(self, **entry):
        with self.lock:
            self.log.write(json.dumps(entry) + "\n")

    def spend(self, token, points):
        with self.lock:
            self.used[token] = self.used.get(token, 0) + points
            return self.used[token]


def assets(world):
    """Every asset by its number: where it is in the list of all."""
    number = 0
    for name, repository in sorted(world["repositories"].items()):
        for release in repository["releases"]:
            for asset in release["assets"]:
                number += 1
                yield asset.get("id", number), name, release, asset


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world = None

    def log_message(self, *_):
        pass

    def send(self, status, body=b"", **headers):
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers.setdefault("Content_Type", "application/json; charset=utf-8")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)
        self.note(status)

    def note(self, status, **more):
        self.world.note(
            on=self.place,
            method=self.command,
            path=self.path,
            status=status,
            authorization=self.headers.get("Authorization"),
            validator=self.headers.get("If-None-Match"),
            **more,
        )

    def fails(self, kind):
        fault = self.now.get("faults", {}).get(kind)
        if not fault:
            return False
        headers = {name.replace("-", "_"): value for name, value in fault.get("headers", {}).items()}
        self.send(fault["status"], fault.get("body", "").encode(), **headers)
        return True


class API(Handler):
    place = "api"

    def sees(self, repository):
        patterns = self.now["tokens"][self.token]
        return any(fnmatch.fnmatchcase(repository.lower(), pattern) for pattern in patterns)

    def enter(self):
        """Whoever asks, once they may: their token, and the headers of what they have left."""
        self.now = self.world.read()
        scheme, _, token = (self.headers.get("Authorization") or "").partition(" ")
        self.token = token
        if scheme != "Bearer" or token not in self.now["tokens"]:
            self.send(401, {"message": "Bad credentials"})
            return False
        limit = self.now.get("limit", 5000)
        if self.world.used.get(token, 0) >= limit:
            self.send(403, {"message": "API rate limit exceeded"}, **self.left(limit))
            return False
        return True

    def left(self, limit=None):
        limit = limit or self.now.get("limit", 5000)
        return {
            "X_RateLimit_Limit": limit,
            "X_RateLimit_Remaining": max(0, limit - self.world.used.get(self.token, 0)),
            "X_RateLimit_Reset": int(time.time()) + 1800,
            "X_RateLimit_Resource": "core",
        }

    def do_GET(self):
        if not self.enter():
            return
        parts = urlsplit(self.path)
        moved = self.now.get("moved", {})
        if match := re.fullmatch(PREFIX + r"/repos/([^/]+/[^/]+)/releases", parts.path):
            if self.fails("rest"):
                return
            name = match[1].lower()
            if name in moved:
                target = f"http://{self.headers['Host']}{PREFIX}/repositories/{moved[name]}/releases?{parts.query}"
                return self.send(301, {"message": "Moved Permanently", "url": target}, Location=target)
            self.releases(name, parts)
        elif match := re.fullmatch(PREFIX + r"/repositories/([^/]+/[^/]+)/releases", parts.path):
            self.releases(match[1], parts)
        elif match := re.fullmatch(PREFIX + r"/repos/([^/]+/[^/]+)/releases/assets/(\d+)", parts.path):
            if not self.fails("asset"):
                self.asset(match[1].lower(), int(match[2]))
        else:
            self.send(404, {"message": "Not Found"})

    do_HEAD = do_GET

    def releases(self, name, parts):
        repository = self.now["repositories"].get(name)
        if repository is None or not self.sees(name):
            self.world.spend(self.token, 1)
            return self.send(404, {"message": "Not Found"}, **self.left())
        query = parse_qs(parts.query)
        number = int(query.get("page", ["1"])[0])
        size = min(int(query.get("per_page", ["30"])[0]), self.now.get("page", 100))
        root = f"http://{self.headers['Host']}{PREFIX}"
        ids = {id(asset): (number, place) for number, place, _, asset in assets(self.now)}
        listed = [
            {
                "tag_name": release["tag"],
                "draft": release.get("draft", False),
                "prerelease": release.get("prerelease", False),
                "author": {"login": "somebody"},
                "assets": [self.described(asset, name, ids[id(asset)][0], root) for asset in release["assets"]],
            }
            for release in repository["releases"][(number - 1) * size : number * size]
        ]
        body = json.dumps(listed).encode()
        etag = f'W/"{hashlib.sha256(body).hexdigest()}"'
        headers = {"ETag": etag}
        if number * size < len(repository["releases"]):
            query = f"per_page={query.get('per_page', ['30'])[0]}&page={number + 1}"
            headers["Link"] = f'<{root}/x?page=9>; rel="last", <{root}{parts.path[len(PREFIX):]}?{query}>; rel="next"'
        if self.headers.get("If-None-Match") == etag:
            return self.send(304, **headers, **self.left())
        self.world.spend(self.token, 1)
        self.send(200, body, Content_Type="application/json", **headers, **self.left())

    def described(self, asset, name, number, root):
        described = {
            "id": number,
            "name": asset["name"],
            "url": f"{root}/repos/{name}/releases/assets/{number}",
            "browser_download_url": f"{root}/nowhere/{asset['name']}",
            "state": asset.get("state", "uploaded"),
            "size": os.path.getsize(asset["path"]),
            "created_at": "2026-05-01T10:00:00Z",
            "updated_at": "2026-05-02T10:00:00Z",
            "digest": None,
        }
        if asset.get("digest", True):
            described["digest"] = "sha256:" + sha256(asset.get("digest-of", asset["path"]))
        return described

    def asset(self, name, number):
        found = [asset for id, place, _, asset in assets(self.now) if id == number and place == name]
        self.world.spend(self.token, 1)
        if not found or found[0].get("vanished") or not self.sees(name):
            return self.send(404, {"message": "Not Found"})
        if self.headers.get("Accept") != "application/octet-stream":
            return self.send(200, {"id": number})
        until = time.time() + self.now.get("lifetime", 60)
        proof = hashlib.sha256(f"{self.world.secret}{number}{until}".encode()).hexdigest()
        target = f"http://localhost:{self.server.assets_port}/download/{number}?until={until}&proof={proof}"
        self.send(302, Location=target)

    # GraphQL

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.enter():
            return
        if self.path != "/api/graphql":
            return self.send(404, {"message": "Not Found"})
        if self.fails("graphql"):
            return
        asked = json.loads(body)
        document = graphql.parse(asked["query"])
        if self.world.schema:
            errors = graphql.validate(self.world.schema, document)
            self.world.note(on="graphql", valid=not errors, errors=[error.message for error in errors])
            if errors:
                return self.send(200, {"errors": [{"message": error.message} for error in errors]})
        else:
            self.world.note(on="graphql", valid=None, errors=[])
        self.world.spend(self.token, 1)
        self.problems = []
        answer = {"data": Answer(document, asked.get("variables", {})).of(self.root())}
        if self.problems:
            answer["errors"] = self.problems
        if partial := self.now.get("partial"):
            answer["errors"] = [partial]
        self.send(200, answer, **self.left())

    def root(self):
        def problem(what):
            self.problems.append({"type": "NOT_FOUND", "message": f"Could not resolve to {what}."})

        def owner(arguments):
            login = arguments["login"].lower()
            names = [name for name in sorted(self.now["repositories"]) if name.startswith(login + "/")]
            if not names:
                return problem(f"an owner {login}")
            seen = [repository(name) for name in names if self.sees(name)]
            return {"repositories": lambda arguments: self.paged(seen, arguments)}

        def repository(name):
            releases = self.now["repositories"][name]["releases"]
            nodes = [
                {
                    "id": f"{name}#{number}",
                    "isDraft": release.get("draft", False),
                    "isPrerelease": release.get("prerelease", False),
                    "releaseAssets": lambda arguments, release=release: self.paged(
                        [{"name": asset["name"]} for asset in release["assets"]], arguments
                    ),
                }
                for number, release in enumerate(releases)
            ]
            return {"nameWithOwner": name, "releases": lambda arguments: self.paged(nodes, arguments)}

        def named(arguments):
            name = f"{arguments['owner']}/{arguments['name']}".lower()
            name = self.now.get("moved", {}).get(name, name)
            if name not in self.now["repositories"] or not self.sees(name):
                return problem(f"a repository {name}")
            return repository(name)

        def node(arguments):
            name, _, number = arguments["id"].partition("#")
            release = self.now["repositories"][name]["releases"][int(number)]
            listed = [{"name": asset["name"]} for asset in release["assets"]]
            return {"releaseAssets": lambda arguments: self.paged(listed, arguments)}

        limit = self.now.get("limit", 5000)
        left = max(0, limit - self.world.used.get(self.token, 0))
        return {
            "rateLimit": {"cost": 1, "limit": limit, "remaining": left, "resetAt": "2026-05-01T11:00:00Z"},
            "repositoryOwner": owner,
            "repository": named,
            "node": node,
        }

    def paged(self, nodes, arguments):
        start = 0
        if arguments.get("after"):
            start = int(base64.b64decode(arguments["after"]).decode())
        size = min(arguments["first"], self.now.get("page", 100))
        end = start + size
        return {
            "pageInfo": {
                "hasNextPage": end < len(nodes),
                "endCursor": base64.b64encode(str(end).encode()).decode(),
            },
            "nodes": nodes[start:end],
        }


class Answer:
    """A document's answer out of dictionaries, whose values that take arguments are functions."""

    def __init__(self, document, variables):
        self.variables = variables
        self.fragments, self.operation = {}, None
        for definition in document.definitions:
            if isinstance(definition, graphql.FragmentDefinitionNode):
                self.fragments[definition.name.value] = definition
            else:
                self.operation = definition

    def of(self, root):
        return self.select(root, self.operation.selection_set)

    def select(self, value, selections):
        if isinstance(value, list):
            return [self.select(element, selections) for element in value]
        if value is None or selections is None:
            return value
        chosen = {}
        for selection in selections.selections:
            if isinstance(selection, graphql.FieldNode):
                field = value[selection.name.value]
                if callable(field):
                    field = field({argument.name.value: self.value(argument.value) for argument in selection.arguments})
                chosen[selection.name.value] = self.select(field, selection.selection_set)
            else:
                name = getattr(selection, "name", None)
                inner = self.fragments[name.value] if name else selection
                chosen.update(self.select(value, inner.selection_set))
        return chosen

    def value(self, node):
        if isinstance(node, graphql.VariableNode):
            return self.variables.get(node.name.value)
        return graphql.value_from_ast_untyped(node)


class Assets(Handler):
    place = "assets"

    def do_GET(self):
        self.now = self.world.read()
        if self.fails("download"):
            return
        parts = urlsplit(self.path)
        number = int(parts.path.rpartition("/")[2])
        query = parse_qs(parts.query)
        until, proof = query["until"][0], query["proof"][0]
        good = hashlib.sha256(f"{self.world.secret}{number}{until}".encode()).hexdigest()
        if self.headers.get("Authorization"):
            return self.send(400, b"Only one auth mechanism is allowed.")
        if proof != good or float(until) < time.time():
            return self.send(403, b"The URL is no longer good.")
        path = next(asset["path"] for id, _, _, asset in assets(self.now) if id == number)
        with open(path, "rb") as file:
            body = file.read()
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range") or "")
        if not asked:
            return self.send(200, body, Accept_Ranges="bytes")
        first, last = asked[1], asked[2]
        if first == "":
            start, end = max(0, len(body) - int(last)), len(body)
        else:
            start, end = int(first), min(len(body), int(last) + 1 if last else len(body))
        self.send(206, body[start:end], Content_Range=f"bytes {start}-{end - 1}/{len(body)}")

    do_HEAD = do_GET


def main():
    Handler.world = World(*sys.argv[1:4])
    assets_server = ThreadingHTTPServer(("127.0.0.1", 0), Assets)
    api_server = ThreadingHTTPServer(("127.0.0.1", 0), API)
    api_server.assets_port = assets_server.server_port
    threading.Thread(target=assets_server.serve_forever, daemon=True).start()
    print("ready", api_server.server_port, assets_server.server_port, flush=True)
    api_server.serve_forever()


if __name__ == "__main__":
    main()
