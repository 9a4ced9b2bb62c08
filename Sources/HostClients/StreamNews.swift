import HootWire
import Jobs

/// What an event of a stream means. Its name, or the `type` in its data, says what it is: `progress`, `chunk` (also
/// `partial_result`), `result` (also `complete`), `error`; of anything else only that the host is alive. A part's
/// `sequence` and `offset` are its own, if it has any.
enum StreamNews {
  case report(HostReport)
  case end(HostOutcome)
  case nothing

  init(_ event: EventStream.Event, call: HostCall, host: String, chunk: Int) {
    // What is no JSON says only that the host is alive.
    guard let json = try? JSONValue.parse(event.data, limits: .reply) else {
      self = .nothing
      return
    }
    let name = event.name.isEmpty || event.name == "message" ? json["type"]?.string ?? "" : event.name
    switch name {
    case "progress":
      let percent = json["percent"]?.double.flatMap { $0.isFinite ? min(100, max(0, $0)) : nil }
      self = .report(.progress(percent: percent, message: json["message"]?.string.map(Plain.line)))
    case "chunk", "partial", "partial_result": self = Self.chunk(json, chunk)
    case "result", "complete":
      do {
        self = .end(
          .succeeded(try HTTPReply.result(json["result"] ?? Self.untyped(json), of: call, host: host)))
      } catch { self = .end(.failed(error)) }
    case "error":
      self = .end(
        .failed(
          HostFailure(
            .retryable, "\(host) failed at \(call.tool)",
            why: Plain.line(json["message"]?.string ?? json["error"]?.string ?? "It said nothing else."),
            next: HostFailure.triedAgain)))
    default: self = .nothing
    }
  }

  private static func chunk(_ json: JSONValue, _ count: Int) -> StreamNews {
    let number = json["sequence"]?.int.flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil } ?? count
    let offset = json["offset"]?.double
    func part(_ type: String, _ bytes: [UInt8]) -> StreamNews {
      let isLarge = bytes.count > HostClientLimits.chunkBytes
      return .report(
        .chunk(
          HostChunk(
            sequence: number, type: type, bytes: isLarge ? [] : bytes, offset: offset,
            fault: isLarge
              ? "it has \(bytes.count) bytes, and \(HostClientLimits.chunkBytes) are allowed" : nil)))
    }
    let keys = [("data", ""), ("audio_base64", "audio/wav"), ("midi_base64", "audio/midi")]
    for (key, usual) in keys {
      guard let text = json[key]?.string, let bytes = Base64.decode(text), !bytes.isEmpty else { continue }
      let type = json["mime_type"]?.string ?? json["content_type"]?.string ?? usual
      return part(Plain.line(type.isEmpty ? "application/octet-stream" : type), bytes)
    }
    // Notes, words or whatever else the tool's stream is made of.
    let rest = untyped(json)
    guard rest.object?.members.isEmpty == false else { return .nothing }
    return part("application/json", rest.encode())
  }

  private static func untyped(_ json: JSONValue) -> JSONValue {
    .object(JSONObject((json.object?.members ?? []).filter { $0.key != "type" }.map { ($0.key, $0.value) }))
  }
}
