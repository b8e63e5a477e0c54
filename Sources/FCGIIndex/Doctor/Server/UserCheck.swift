internal import Fetch
internal import FoundationEssentials

/// Whether who was authenticated is known to the responder, and nobody else.
struct UserCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        guard let token = visit.front.token, let echo = visit.echo else { return [] }
        // A server that asks for a password refuses this one.
        let invented = "nobody-\(EchoToken())"
        let credentials = Data("\(invented):x".utf8).base64EncodedString()
        let answer = try visit.front.send("-/echo/\(token)", [("Authorization", "Basic \(credentials)")])
        if Echo(json: answer.body)?.parameters["REMOTE_USER"] == invented {
            return [
                visit.error(
                    "Whoever asks may say who he is: the responder sees users that do not exist.",
                    Self.open
                )
            ]
        }
        if let user = echo.parameters["REMOTE_USER"] {
            return [.ok("The responder sees the user \"\(user)\", and none that does not exist.")]
        }
        if !visit.front.address.namesUser { return [] }
        let text = "The web server was given a user, and the responder sees none (REMOTE_USER)."
        let isNeeded = !visit.front.configuration.accessRules.isEmpty
        return [isNeeded ? visit.error(text, Self.unknown) : visit.warning(text, Self.unknown)]
    }

    private static let open = Remedy(
        nginx:
            "`auth_basic` and `auth_basic_user_file` in the location, or take `fastcgi_param REMOTE_USER $remote_user` "
            + "out: without a password it is what the client claims",
        apache: "`AuthType Basic`, `AuthUserFile` and `Require valid-user` in the Location of the index",
        lighttpd: "`auth.require` for this path",
        other: "pass REMOTE_USER only of who was authenticated"
    )

    private static let unknown = Remedy(
        nginx:
            "`auth_basic` in the location, and beside it `fastcgi_param REMOTE_USER $remote_user if_not_empty;`",
        apache: "`AuthType Basic` and `Require valid-user` in the Location; Apache then sends REMOTE_USER",
        lighttpd: "`auth.require` for this path; lighttpd then sends REMOTE_USER",
        other: "pass the parameter REMOTE_USER"
    )
}
