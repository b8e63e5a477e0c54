import Testing

@testable import FCGIIndex

@Suite("Configuration as shown")
struct ShownConfigurationTests {
    private static let rich = """
        listen = "127.0.0.1:9000"
        socket-mode = "0600"
        file-group = "0"
        base-path = "/pypi/"
        cache-limit = 2048
        cache-keep = ["Acme_*", "acme-core >=2"]
        access-groups = "groups"
        realm = "Acme's packages"
        [build]
        hold = 0.1
        sandbox = "required"
        builder = "/run/pyindex/builder.sock"
        [[access]]
        projects = ["acme-open"]
        everybody = true
        [[access]]
        projects = ["Acme_secret-*", "vault"]
        users = ["bob", "ann"]
        groups = ["security"]
        [[access]]
        projects = ["*"]
        users = ["*"]
        [[source]]
        name = "mono"
        type = "git"
        path = "/srv/git/mo\\"no"
        packages = ["acme-*", "Acme_Tool", "*"]
        tags = [
            "{package}/v{version}",
            '(?<package>[a-z-]+)-(?<version>\\d.*)',
            { pattern = "v{version}", package = "Acme.Core", directory = "." },
            { pattern = "x{version}", package = "x" },
        ]
        layout = "libs/{package}"
        extra-checkout-paths = ["shared dir"]
        build-command = ["sh", "-c", 'echo "$1"\\n']
        build-timeout = 12.25
        list = "built"
        prebuild = "off"
        environment = { ACME_FLAVOUR = "plain", "X" = "" }
        memory-limit = 100
        submodules = { "https://git.example/lib.git" = "/srv/git/lib.git", "../b.git" = "b.git" }
        [[source.recipe]]
        packages = ["acme-x*"]
        build-command = []
        environment = { ACME_FLAVOUR = "bold" }
        process-limit = 64
        [[source]]
        name = "vendor"
        type = "git"
        path = "/srv/git/vendor"
        trust-owner = true
        archive = "as-built"
        [[source]]
        name = "found"
        type = "git"
        path = "/srv/git/found"
        layout = "discover"
        tags = [
            "v{version}",
            "{package}-v{version}",
            { pattern = "core-{version}", package = "acme-core" },
            { pattern = "{package}/{version}", directory = "{package}" },
        ]
        [[source]]
        name = "wheels"
        type = "directory"
        path = "/srv/wheels"
        packages = ["acme-*"]
        [[source]]
        name = "more"
        type = "directory"
        path = "/srv/more/"
        minimum-age = 3
        [[source.allow]]
        projects = ["acme-*", "Other"]
        [[source]]
        name = "listed"
        type = "files"
        path = "/srv/packages.jsonl"
        packages-url = "../../pool"
        packages = ["acme-listed"]
        [[source]]
        name = "outside"
        type = "simple"
        mode = "cache"
        url = "https://outside.example/simple/"
        [[source.deny]]
        projects = ["torch*"]
        versions = "<2"
        types = ["egg", "sdist"]
        files = ["*-win*.whl"]
        [[source]]
        name = "mirror"
        type = "simple"
        url = "https://mirror.example/simple/"
        mode = "cache"
        hosts = ["files.mirror.example"]
        netrc = "netrc"
        [[source]]
        name = "releases"
        type = "github-releases"
        owners = ["Acme", "other"]
        token-file = "token"
        lookup = "repository"
        packages = ["acme-released"]
        mode = "cache"
        api-url = "https://github.example/api/v3"
        [[source.rename]]
        pattern = "^acme-(.*)$"
        replacement = "${1}-py"
        [[source]]
        name = "tools"
        type = "github-releases"
        owners = ["acme"]
        token-variable = "ACME_TOKEN"
        repositories = ["acme/Wheels"]
        prereleases = false
        [[source]]
        name = "rest"
        type = "simple"
        url = "HTTPS://index.example:8443/simple"
        [[group]]
        name = "public"
        members = ["more", "listed", "outside"]
        merge = true
        shared = ["numpy"]
        minimum-age = 7
        minimum-age-since = "first-seen"
        minimum-age-except = ["acme-*"]
        [[group.deny]]
        versions = "*rc*"

        """

    @Test("Reading what is shown gives the same configuration", arguments: [smallest, rich])
    func roundTrip(text: String) throws {
        let read = try configuration(text)
        #expect(try configuration(read.shown) == read)
        #expect(try configuration(read.shown).shown == read.shown)
    }

    @Test("Fractions of seconds survive")
    func fractions() throws {
        for hundredths in 10...1000 {
            let read = try configuration("build.hold = \(Double(hundredths) / 100)\n" + smallest)
            #expect(try configuration(read.shown) == read)
        }
    }

    @Test("Every key is in it")
    func everyKey() throws {
        let shown = try configuration(Self.rich).shown
        for key in ConfigurationKey.all where ![.tagRule, .mount].contains(key.table) {
            #expect(shown.contains("\n\(key.name) = ") || shown.contains("\n# \(key.name) is not set."))
        }
    }

    @Test("It looks as it did")
    func snapshot() throws {
        try Snapshot.compare(Array(configuration(Self.rich).shown.utf8), with: "config-show.toml")
    }
}
