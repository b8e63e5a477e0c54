import Logging
import POSIX
import Testing

@testable import FCGIIndex

@Suite("File of groups")
struct GroupMembersTests {
    private func read(_ text: String) throws(ConfigurationError) -> [String: Set<String>] {
        try GroupMembers(parsing: Array(text.utf8), file: "groups").users
    }

    @Test("A group and its users stand on a line, as Apache has it")
    func lines() throws {
        let text = """
            # who is where
            security: ann bob

              ops :\tcarl  ann\t
            empty:
            security: "dora of paris" 'o"neil'
            long: ann \\
              bob \\
              carl
            windows: ann\r
            """
        #expect(
            try read(text) == [
                "security": ["ann", "bob", "dora of paris", "o\"neil"], "ops": ["carl", "ann"], "empty": [],
                "long": ["ann", "bob", "carl"], "windows": ["ann"],
            ]
        )
        #expect(try read("") == [:])
    }

    @Test("What is wrong is told with its line")
    func wrong() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try read("a: ann\nsecurity ann\n: bob\nb: \\\n ann\nc: \"ann\n")
        }
        #expect(
            error.issues.map(\.description) == [
                "groups:2: expected a group, a colon and users, such as \"security: ann bob\".",
                "groups:3: no group stands before the colon.", "groups:6: a quotation mark is not closed.",
            ]
        )
        #expect(throws: ConfigurationError.self) {
            try GroupMembers(parsing: [0x61, 0x3A, 0xFF], file: "groups")
        }
    }

    @Test("Membership is of exactly this user in exactly these groups")
    func membership() throws {
        let members = GroupMembers(["security": ["ann"], "ops": ["bob"]])
        #expect(members.holds("ann", in: ["ops", "security"]))
        #expect(!members.holds("ann", in: ["ops"]))
        #expect(!members.holds("Ann", in: ["security"]))
        #expect(!members.holds("ann", in: ["Security", "nothing"]))
        #expect(!members.holds("", in: ["security"]))
    }
}
