internal import FastCGI
internal import PythonPackaging

/// Why a page is what it is.
extension Index {
    /// `/-/explain/<project>` and `/-/explain/<project>/<version>`. It is found also for a project that is not there:
    /// that is what it then explains.
    func explanation(of name: ProjectName, _ version: Version?, _ query: Query) throws(SourceError)
        -> Response
    {
        query.expectDelay()
        refresh()
        var explanation = source.explanation(of: name)
        // Worth waiting for, as the page is.
        if case .failed(let error) = explanation.outcome, error.isPending { throw error }
        if let version { explanation = explanation.limited(to: version) }
        let account = ExplanationText(explanation, of: name)
        let body =
            switch format(query) {
            case .text: Array(account.text.utf8)
            case .html: account.html
            case .json: ExplanationJSON.encode(explanation, of: name)
            }
        return Answers.report(format(query), body)
    }
}
