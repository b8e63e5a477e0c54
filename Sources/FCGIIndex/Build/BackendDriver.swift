internal import FoundationEssentials
internal import POSIX

/// A small front end: asks a back end what it needs, and lets it make the sdist (PEP 517), in one process.
enum BackendDriver {
    /// The program, for any python from 3.6 on. It ends with 0 and no sdist where the back end needs what is not
    /// known to be there.
    static let text = """
        import gc
        import importlib
        import json
        import os
        import sys

        # Their hooks leave nothing behind that another one would meet, and share most of what they import.
        PURE = ("hatchling.build", "flit_core.buildapi", "pdm.backend", "poetry.core.masonry.api", "uv_build")


        def ask(hooks):
            hook = getattr(hooks, "get_requires_for_build_sdist", None)
            return list(hook({})) if hook else []


        def main(backend, paths, answer, known, out):
            sys.path[:] = json.loads(paths) + sys.path[1:]
            module, _, names = backend.partition(":")
            hooks = importlib.import_module(module)
            for name in names.split(".") if names else []:
                hooks = getattr(hooks, name)
            # Each hook has a process of its own, as in every front end.
            child = 0 if backend in PURE else os.fork()
            if child == 0:
                with open(answer, "w", encoding="ascii") as file:
                    json.dump(ask(hooks), file)
                if backend not in PURE:
                    sys.stdout.flush()
                    sys.stderr.flush()
                    os._exit(0)
            elif os.waitpid(child, 0)[1] != 0:
                sys.exit(1)
            with open(answer, encoding="ascii") as file:
                wanted = json.load(file)
            if known != "all" and set(wanted) - set(json.loads(known)):
                return
            os.makedirs(out, exist_ok=True)
            hooks.build_sdist(out, {})


        # A short life: collecting garbage now and then, and all objects at the end, takes a fourth of it.
        gc.set_threshold(50000)
        main(*sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

        """

    /// The arguments that run it.
    ///
    /// - Parameters:
    ///   - known: requirements that are installed; `nil` stands for all that could be asked for.
    ///   - answer: the file that takes what the back end asks for.
    static func arguments(
        python: String,
        driver: String,
        _ system: BuildSystem,
        package: String,
        known: [BuildRequirement]?,
        answer: String,
        artifacts: String
    ) -> [String] {
        let paths = system.backendPath.map { $0 == "." ? package : "\(package)/\($0)" }
        return [
            python, driver, system.backend, json(paths), answer,
            known.map { json($0.map(\.description)) } ?? "all",
            artifacts,
        ]
    }

    /// What the back end asked for. It is the recipe's own file: of any kind, and size, and content.
    static func answer(_ path: String) throws(BuildFailure) -> [BuildRequirement] {
        guard let status = try? FileStatus(path: path, followingLinks: false), status.isRegularFile,
            status.size < 1 << 16, let bytes = try? File.read(path),
            let texts = try? JSONDecoder().decode([String].self, from: Data(bytes))
        else { throw BuildFailure(.source, "The build back end does not say what it requires.") }
        return try BuildSystem.requirements(texts)
    }

    private static func json(_ texts: [String]) -> String {
        (try? JSONEncoder().encode(texts)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
