import HootWire
import Tools

extension Answerer {
  /// The bytes of an artifact, or a part of them. They never change under their name, so the name is their tag.
  func artifactBytes(_ call: Call) async throws(Problem) -> HTTPReply {
    let shown = try await ask(.artifactShow, call)["artifact"] ?? nil
    let hash = shown["hash"]?.string ?? ""
    let tag = "\"\(hash)\""
    let matches = Answerer.tags(call.head.value("if-none-match"))
    if matches.contains(tag) || matches == ["*"] { return HTTPReply(304).with("ETag", tag) }
    guard let path = shown["path"]?.string, let (file, bytes) = OpenFile.reading(path) else {
      throw Problem(
        404, "missing", "the artifact's bytes are not there", "\(hash) is known, and its file cannot be read",
        "garden cas verify \(hash)")
    }
    // A range of what was another file before would be put together with the wrong rest.
    let isSame = call.head.value("if-range").map { $0 == tag } ?? true
    var reply = HTTPReply(200, type: shown["type"]?.string ?? "application/octet-stream")
      .with("ETag", tag).with("Accept-Ranges", "bytes")
      // Whatever somebody has generated, no browser runs it as a page of this server's.
      .with("Content-Security-Policy", "sandbox; default-src 'none'")
      .with("Content-Disposition", "attachment; filename=\"\(hash.prefix(12)).\(Answerer.suffix(shown))\"")
    switch ByteRange(isSame ? call.head.value("range") : nil, of: bytes) {
    case .whole: reply.file = FileSpan(file: file, offset: 0, left: bytes)
    case .part(let range):
      reply.status = 206
      reply.set("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes)")
      reply.file = FileSpan(file: file, offset: range.lowerBound, left: range.upperBound - range.lowerBound)
    case .unsatisfiable:
      throw Problem(
        416, "bad_range", "the artifact has no such bytes", "it has \(bytes)",
        "Range: bytes=0-\(max(0, bytes - 1))"
      ).with("Content-Range", "bytes */\(bytes)")
    }
    return reply
  }

  private static func suffix(_ artifact: JSONValue) -> String {
    switch artifact["type"]?.string {
    case "audio/midi": "mid"
    case "audio/wav", "audio/x-wav": "wav"
    case "audio/flac": "flac"
    case "audio/ogg": "ogg"
    case "audio/mpeg": "mp3"
    case "application/json": "json"
    case "text/plain", "text/vnd.abc": "txt"
    default: "bin"
    }
  }

  static func tags(_ header: String?) -> [String] {
    (header ?? "").split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }
  }

  /// The body is the file, whatever type it says: what it is the daemon finds out.
  func addArtifact(_ call: Call) async throws(Problem) -> HTTPReply {
    guard let upload = call.upload else {
      throw Problem(
        400, "empty", "there is no artifact in the request", "its body is empty",
        "curl --data-binary @riff.mid …/api/artifacts")
    }
    var parameters = JSONObject([("file", .string(upload.path))])
    for pair in call.head.query {
      guard pair.name == "label" else {
        throw Problem(
          400, "unknown_parameter", "an upload has no parameter \(shownText(pair.name))", "allowed: label",
          "POST /api/artifacts?label=riff")
      }
      parameters["label"] = .string(pair.value)
    }
    let result = try await ask(Catalogue.tool(.artifactAdd), parameters)
    guard let hash = result["artifact"]?["hash"]?.string else { return HTTPReply(202, json: result) }
    return HTTPReply(201, json: result).with("Location", "/api/artifacts/\(hash)")
  }
}
