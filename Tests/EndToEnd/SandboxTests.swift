import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("Confined builds", .serialized, .enabled(if: Places.hasSandbox, "bubblewrap does not work here"))
struct SandboxTests {
    @Test("A recipe can write nothing but its own directory, nor see cache and state, nor leave a process")
    func confinement() throws {
        let script = """
            for place in /usr /etc /var /home; do
                if touch "$place/pyindex-escape" 2>/dev/null; then exit 7; fi
            done
            touch /tmp/mine
            if ls "$HOME/../../../../state/builds" 2>/dev/null; then exit 8; fi
            if [ "$(ls "$HOME/../.." | wc -l)" != 1 ]; then exit 9; fi
            setsid sleep 1000 >/dev/null 2>&1 &
            """
        try Site.with(
            Settings(sandbox: "required"),
            prepare: { try $0.release("acme-in", "1.0", building: script) }
        ) {
            site in
            let answer = try site.get(try site.file("acme-in", "1.0"))
            let log = try site.get("-/builds/acme-in/1.0").text
            #expect(answer.status == 200, "\(log)")
            #expect(try eventually { try site.leftovers().isEmpty })
            #expect(!FileManager.default.fileExists(atPath: "/tmp/mine"))
        }
    }

    @Test("A recipe finds the documented environment, and nothing of the responder's")
    func environment() throws {
        let script = "env | cut -d= -f1 | sort > content"
        try Site.with(
            Settings(sandbox: "required"),
            prepare: { try $0.release("acme-in", "1.0", building: script) }
        ) {
            site in
            let path = try site.file("acme-in", "1.0")
            try #require(try site.get(path).status == 200)
            let member = "acme_in-1.0/content"
            let names = try Run(["tar", "-xzOf", site.cache + path, member]).output.split(separator: "\n")
            let documented: Set<Substring> = [
                "PATH", "PWD", "LANG", "TZ", "HOME", "TMPDIR", "SOURCE_DATE_EPOCH", "NO_PROXY",
                "PYINDEX_BUILD",
                "SETUPTOOLS_SCM_PRETEND_VERSION", "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_ACME_IN",
                "PDM_BUILD_SCM_VERSION", "POETRY_DYNAMIC_VERSIONING_BYPASS", "UV_DYNAMIC_VERSIONING_BYPASS",
                "PBR_VERSION",
            ]
            // What a shell adds by itself.
            #expect(Set(names).subtracting(["_", "OLDPWD", "SHLVL"]) == documented)
        }
    }

    @Test("A killed build command takes its confined processes with it")
    func killed() throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-in", "1.0", building: "if [ -e wait ]; then sleep 1000; fi")
            try monorepo.write("acme-in/wait", "")
            try monorepo.release("acme-in", "1.1", building: "if [ -e wait ]; then sleep 1000; fi")
        }
        try Site.with(Settings(hold: 1, sandbox: "required"), prepare: prepare) { site in
            let isRecipe: (String) -> Bool = { $0.hasPrefix("sleep\01000") }
            let request = try site.send(try site.file("acme-in", "1.1"))
            // Twice, since it is started again once.
            for _ in 0..<2 {
                #expect(try eventually { try !site.processes(isRecipe).isEmpty })
                let recipes = try site.processes(isRecipe)
                for command in try site.processes({ $0.contains("pyindex-fcgi\0build") }) {
                    kill(command, SIGKILL)
                }
                #expect(eventually { recipes.allSatisfy { kill($0, 0) != 0 } })
            }
            #expect(try eventually { try site.processes(isRecipe).isEmpty })
            #expect([307, 503].contains(try request.answer().status))
            #expect(try site.get(try site.file("acme-in", "1.0")).status == 200)
        }
    }
}
