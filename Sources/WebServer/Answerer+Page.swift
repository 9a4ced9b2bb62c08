import Tools

extension Answerer {
  /// What the page may load and do: nothing but its own files and this server, and no script that stands in it. Where
  /// browsers know trusted types, text cannot become elements at all.
  private static let policy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
    "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].joined(separator: "; ")

  /// One of the files that were built in; any other name is no file, however it is written.
  func page(_ name: String, _ call: Call) throws(Problem) -> HTTPReply {
    guard let file = PageFile.all.first(where: { $0.name == name }) else {
      throw Problem(
        404, "no_such_path", "the page has no file \(shownText(name))",
        "it is not among those that are served",
        "GET /")
    }
    // Asked for again each time, and sent only when it is another: a daemon of tomorrow has another page.
    let known = call.head.values("if-none-match").flatMap { $0.split(separator: ",") }
    let isKnown = known.contains { $0.drop { $0 == " " } == file.tag }
    let reply = isKnown ? HTTPReply(304) : HTTPReply(200, body: file.bytes, type: file.type)
    return reply.with("ETag", file.tag).with("Cache-Control", "no-cache")
      .with("Content-Security-Policy", Answerer.policy).with("X-Frame-Options", "DENY")
      .with("Cross-Origin-Resource-Policy", "same-origin")
  }

  /// `format=f32`, `s16` or `wav`.
  func listen(_ call: Call) throws(Problem) -> HTTPReply {
    var format = SoundFormat.f32
    for pair in call.head.query {
      guard pair.name == "format" else {
        throw Problem(
          400, "unknown_parameter", "listening has no parameter \(shownText(pair.name))", "allowed: format",
          "GET /api/listen?format=wav")
      }
      guard let wanted = SoundFormat(rawValue: pair.value) else {
        throw Problem(
          400, "bad_parameter", "\(shownText(pair.value)) is no format of sound",
          "allowed: \(SoundFormat.allCases.map(\.rawValue).joined(separator: ", "))",
          "GET /api/listen?format=wav")
      }
      format = wanted
    }
    var reply = HTTPReply(200, type: format == .wav ? "audio/wav" : "application/octet-stream")
    reply.sound = format
    return reply
  }
}
