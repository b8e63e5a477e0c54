@testable import FCGIIndex
import Fuzzing
import PythonPackaging

// A project's page of another index, in JSON or in HTML. No bytes crash the reader, what it takes is what it says it
// is, and written here, in either format, it is read back as the same: nothing that another index says breaks out of
// where it stands on our page.

enum Page {
    static let project = ProjectName("acme-core")!
    static let heads = ["json", "html"].map { format in
        Array("pyindex page 1\nurl https://index.example/simple/acme-core/\nformat \(format)\n\n".utf8)
    }

    static func read(_ head: [UInt8], _ bytes: [UInt8]) -> RemotePage? {
        try? KeptPage(file: head + bytes)?.read(as: project)
    }

    static func check(_ text: String?) {
        guard let text else { return }
        precondition(text.utf8.count <= 4 * 8192 && text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }, text)
    }

    static func isNamedByURL(_ file: RemotePage.File) -> Bool {
        PercentEncoding.decode(file.url.lastSegment) == file.filename.description
    }

    static func listed(_ files: [RemotePage.File], _ status: ProjectStatus) -> ProjectPage {
        ProjectPage(
            name: project,
            files: files.map { file in
                IndexFile(
                    filename: file.filename,
                    identity: file.identity(in: "fuzz"),
                    url: file.url.description,
                    requiresPython: file.requiresPython,
                    uploadTime: file.uploadTime,
                    bytes: IndexFile.Facts(digest: file.digest, size: file.size, metadata: file.metadata),
                    provenance: file.provenance,
                    isSigned: file.isSigned,
                    yank: file.yank
                )
            },
            status: status
        )
    }
}

fuzz { bytes in
    for head in Page.heads {
        guard let read = Page.read(head, Array(bytes)) else { continue }
        for file in read.files {
            precondition(file.filename.project == Page.project)
            precondition(
                !file.filename.description.utf8.contains { $0 <= 32 || $0 == 47 || $0 == 92 || $0 == 127 }
            )
            for text in [file.requiresPython, file.provenance, file.yank?.reason, file.url.description] {
                Page.check(text)
            }
        }
        for (format, isHTML) in zip(Page.heads, [false, true]) {
            // In HTML the URL alone names a file.
            let said = isHTML ? read.files.filter(Page.isNamedByURL) : read.files
            let ours = Page.listed(said, read.status)
            let written = isHTML ? HTML.page(ours) : JSON.page(ours)
            guard let again = Page.read(format, written) else {
                preconditionFailure("Our page is none: \(String(decoding: written, as: UTF8.self))")
            }
            precondition(again.status == read.status, "status")
            precondition(again.leftOut == 0 && again.files.count == said.count, "files")
            for (left, right) in zip(again.files, said) {
                precondition(left.filename == right.filename && left.url == right.url, "name and URL")
                precondition(left.digest == right.digest && left.metadata == right.metadata, "digests")
                precondition(left.requiresPython == right.requiresPython, "requires-python")
                precondition(
                    left.yank == right.yank && left.provenance == right.provenance,
                    "yank and provenance"
                )
            }
        }
    }
}
