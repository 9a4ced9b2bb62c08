import HootWire
import Tools

/// A refusal as HTTP tells it: a status and the three lines, as RFC 9457 writes problems down.
package struct Problem: Error, Equatable, Sendable {
  package var status: Int
  /// A word for programs.
  package var code: String
  /// What failed, why, what to do next.
  package var lines: [String]
  /// Beyond the usual ones, as `Allow` with 405.
  package var headers: [RequestHead.Header] = []

  package init(_ status: Int, _ code: String, _ what: String, _ why: String, _ next: String) {
    self.status = status
    self.code = code
    lines = [what, why, next]
  }

  package func with(_ name: String, _ value: String) -> Problem {
    var copy = self
    copy.headers.append(RequestHead.Header(name: name, value: value))
    return copy
  }

  package var reply: HTTPReply {
    let json: JSONValue = [
      "type": .string("urn:chaosgarden:problem:\(code)"), "title": .string(lines[0]),
      "status": .integer(Int64(status)), "detail": .string(lines[1]), "next": .string(lines[2]),
      "code": .string(code), "lines": .array(lines.map { .string($0) }),
    ]
    var reply = HTTPReply(
      status, body: json.encode() + [UInt8(ascii: "\n")], type: "application/problem+json")
    reply.headers += headers
    return reply
  }
}

extension Problem {
  /// The refusal in a reply of the daemon's; nil when it is none.
  package init?(refusal content: JSONValue) {
    guard content["type"]?.string == "error" else { return nil }
    let detail = content["detail"]
    let exit = detail?["exit"]?.int.flatMap { Int32(exactly: $0) }.flatMap(ExitCode.init) ?? .internalError
    let code = detail?["code"]?.string ?? exit.word
    var lines = (detail?["lines"]?.array ?? []).compactMap(\.string)
    if lines.isEmpty { lines = [content["error"]?.string ?? "the request failed"] }
    while lines.count < 3 { lines.append(lines.count == 1 ? "the daemon says no more" : "garden doctor") }
    self.init(Problem.status(exit, code), code, lines[0], lines[1], lines[2])
    if exit == .tryLater { self = with("Retry-After", "1") }
  }

  /// The status of a refusal: what the client did, what is not there, what is in the way, what is broken.
  static func status(_ exit: ExitCode, _ code: String) -> Int {
    if isAbsence(code) { return 404 }
    // Another request under the same key or id.
    if code == "id_conflict" { return 422 }
    if code == "has_changed" { return 412 }
    // A device that cannot be had: the daemon goes on with the one it has.
    if code == "driver" { return 409 }
    return switch exit {
    case .done: 200
    case .usage: 400
    case .badData: 422
    case .fileMissing: 404
    case .refused, .configuration, .interrupted: 409
    case .jobFailed: 409
    case .notAllowed: 403
    case .tryLater, .unreachable: 503
    case .timedOut: 504
    case .cannotWrite: 507
    case .internalError: 500
    }
  }

  /// `unknown_region`, `missing`: what was named is not there. `unknown_parameter` is about the request itself.
  private static func isAbsence(_ code: String) -> Bool {
    code == "missing" || (code.hasPrefix("unknown") && code != "unknown_parameter" && code != "unknown_value")
  }
}

extension HeadError {
  var problem: Problem {
    switch self {
    case .malformed(let why):
      Problem(400, "bad_request", "the request cannot be read", why, "send HTTP/1.1")
    case .targetTooLong:
      Problem(
        414, "target_too_long", "the request's target is too long",
        "at most \(WebLimits.targetBytes) bytes are taken", "send the parameters in a body")
    case .tooManyHeaders:
      Problem(
        431, "head_too_large", "the request has too many headers", "at most \(WebLimits.headers) are taken",
        "send fewer")
    case .version(let version):
      Problem(
        505, "bad_version", "the version of HTTP is not known here", "seen \(shownText(version))",
        "send HTTP/1.1")
    case .noLength:
      Problem(
        411, "length_required", "the request does not say how long its body is",
        "a Content-Length is needed; chunks are not taken", "send a Content-Length")
    }
  }
}
