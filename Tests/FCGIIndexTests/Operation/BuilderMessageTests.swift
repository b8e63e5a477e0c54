import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("What responder and builder say to each other")
struct BuilderMessageTests {
    private static let key = BuildKey(
        source: "mono",
        project: ProjectName("acme-core")!,
        version: Version("1.0")!,
        tag: "acme-core/v1.0",
        tagObject: String(repeating: "a", count: 40),
        commit: String(repeating: "b", count: 40),
        commitTime: 1,
        directory: "libs/acme core",
        recipe: "c"
    )

    @Test(
        "A request is one line, and comes back as it was",
        arguments: [
            .greet, .look(nil), .look(ProjectName("acme-core")), .build(key, isAhead: false),
            .build(key, isAhead: true),
        ] as [BuilderRequest]
    )
    func requests(request: BuilderRequest) throws {
        let line = request.line
        #expect(line.last == 10 && line.count { $0 == 10 } == 1)
        #expect(try BuilderRequest(line: line.dropLast()) == request)
    }

    @Test("A request of another version says so, whatever else it holds, and the rest is garbled")
    func wrong() {
        #expect(throws: BuilderRequest.Error.otherVersion(2)) {
            try BuilderRequest(line: Array(#"{"version":2,"verb":"dance"}"#.utf8))
        }
        for text in ["", "x", "[]", #"{"version":"1"}"#, #"{"version":1}"#, #"{"version":1,"verb":"build"}"#]
        {
            #expect(throws: BuilderRequest.Error.garbled) { try BuilderRequest(line: Array(text.utf8)) }
        }
        let key = #"{"version":1,"verb":"look","project":"../x"}"#
        #expect(throws: BuilderRequest.Error.garbled) { try BuilderRequest(line: Array(key.utf8)) }
    }

    @Test(
        "A reply comes back as it was",
        arguments: [
            .ready(sandbox: "/usr/bin/bwrap"), .queued, .started, .ended(.published), .refused("No."),
            .ended(.failed(BuildFailure(class: .timeout, reason: "It took too long.", time: 7, attempt: 2))),
        ] as [BuilderReply]
    )
    func replies(reply: BuilderReply) throws {
        let line = reply.line
        #expect(line.last == 10 && line.count <= BuilderReply.limit)
        #expect(BuilderReply(line: line.dropLast()) == reply)
    }

    @Test("A reason that could break a status line does not get through")
    func reason() throws {
        let line = #"{"state":"failed","failure":{"attempt":1,"class":"source","reason":"a\r\nb","time":1}}"#
        guard case .ended(.failed(let failure))? = BuilderReply(line: Array(line.utf8)) else {
            Issue.record("It is no failure.")
            return
        }
        #expect(failure.reason == "a??b")
        #expect(BuilderReply(line: Array(#"{"state":"failed"}"#.utf8)) == nil)
        #expect(BuilderReply(line: Array("nonsense".utf8)) == nil)
    }
}
