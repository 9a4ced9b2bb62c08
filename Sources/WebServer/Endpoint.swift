import HootWire
import Tools

/// One row of the table of what can be asked: a method, a path and what is done.
package struct Endpoint: Sendable {
  enum Part: Equatable, Sendable {
    case literal(String)
    /// Stands for a parameter of that name.
    case value(String)

    var isValue: Bool { if case .value = self { true } else { false } }
  }

  enum Work: Sendable {
    /// A tool as it is declared; path, query and body are its parameters.
    case tool(ToolName, status: Int)
    case own(OwnWork)
  }

  /// What is no tool by itself.
  enum OwnWork: Sendable {
    case health, ready, metrics, logIn, logOut
    case anyTool, tools
    case addTask, addRender, showTask, cancelTask, retryTask, taskLogs, taskResult, listTasks
    case addWorkflow
    case openAPI, events, tailTask
    case artifactBytes, addArtifact
    /// One of the list that a tool gives: its member there, and what it is called alone.
    case among(ToolName, String, one: String)
    case page, pageFile, listen
    /// The message door's.
    case messages
  }

  let method: String
  let parts: [Part]
  let work: Work
  /// One line, for the description that programs read.
  let summary: String

  /// - Parameter path: `/api/tasks/{job}`; what stands in braces is a parameter.
  init(_ method: String, _ path: String, _ summary: String, _ work: Work) {
    self.method = method
    self.summary = summary
    self.work = work
    parts = path.split(separator: "/").map { part in
      part.hasPrefix("{") ? .value(String(part.dropFirst().dropLast())) : .literal(String(part))
    }
  }

  init(_ method: String, _ path: String, _ tool: ToolName, status: Int = 200) {
    self.init(method, path, Catalogue.tool(tool).usage.summary, .tool(tool, status: status))
  }

  var path: String {
    "/"
      + parts.map { part in
        switch part {
        case .literal(let text): text
        case .value(let name): "{\(name)}"
        }
      }.joined(separator: "/")
  }

  /// The values that a path gives to the parameters in it; nil when it is another path.
  func values(in path: [String]) -> [RequestHead.Header]? {
    guard path.count == parts.count else { return nil }
    var values: [RequestHead.Header] = []
    for (part, text) in zip(parts, path) {
      switch part {
      case .literal(let wanted): if wanted != text { return nil }
      case .value(let name): values.append(RequestHead.Header(name: name, value: text))
      }
    }
    return values
  }

  /// What needs no token: whether the daemon lives and can work tells nobody anything, and the page's files are the same
  /// for everybody.
  static func isPublic(_ head: RequestHead) -> Bool {
    head.path.isEmpty || head.path[0] == "page" || head.path == ["health"] || head.path == ["ready"]
  }

  /// Whether its body is a file, which goes to the disk as it comes.
  static func takesFile(_ head: RequestHead) -> Bool {
    guard let (endpoint, _) = try? find(head), case .own(.addArtifact) = endpoint.work else { return false }
    return true
  }

  /// The row for a request, with what its path gives; a refusal names the methods that there are.
  static func find(_ head: RequestHead) throws(Problem) -> (Endpoint, [RequestHead.Header]) {
    let method = head.method == "HEAD" ? "GET" : head.method
    var methods: [String] = []
    var path: String?
    for endpoint in all {
      guard let values = endpoint.values(in: head.path) else { continue }
      // A literal path hides those with a parameter in its place.
      path = path ?? endpoint.path
      guard endpoint.path == path else { continue }
      if endpoint.method == method { return (endpoint, values) }
      methods.append(endpoint.method)
    }
    let asked = shownText("/" + head.path.joined(separator: "/"))
    guard !methods.isEmpty else {
      throw Problem(
        404, "no_such_path", "there is nothing at \(asked)", "it is not among the paths that are served",
        "GET /api/openapi.json")
    }
    let allowed = methods.joined(separator: ", ")
    throw Problem(
      405, "wrong_method", "\(asked) does not take \(shownText(head.method))", "allowed: \(allowed)",
      "GET /api/openapi.json"
    ).with("Allow", allowed)
  }
}
