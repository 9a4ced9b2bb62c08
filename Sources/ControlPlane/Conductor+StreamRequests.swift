import Capture
import ControlSocket
import HootWire
import Tools

// The same in hootenanny's JSON.
extension Conductor {
  /// nil for what is no request of streams.
  func streamAnswer(
    _ type: String, _ content: JSONValue, _ incoming: Incoming
  ) throws(Refusal) -> Answer? {
    let step = type.hasPrefix("stream_") ? String(type.dropFirst(7)) : ""
    guard ["start", "switch_chunk", "stop"].contains(step) else { return nil }
    let then: (StreamResult) -> Void = { [self] result in
      guard peers.isCurrent(incoming) else { return }
      switch result {
      case .success: finish(incoming, .ok(nil))
      case .failure(let refusal): finish(incoming, refusal.content)
      }
    }
    let uri = try streamText(content["uri"], "uri", step)
    switch step {
    case "start": startStream(try streamWish(uri, content), then: then)
    case "switch_chunk":
      switchChunk(uri, to: try streamText(content["new_chunk_path"], "new_chunk_path", step), then: then)
    default: stopStream(uri, then: then)
    }
    return .later
  }

  private func streamWish(_ uri: String, _ content: JSONValue) throws(Refusal) -> StreamWish {
    let definition = content["definition"]
    let format = definition?["format"]
    guard format?["type"]?.string == "audio" else {
      throw Self.streamRefusal(
        "start", ["MIDI capture not yet supported", "the format is not audio", "format.type audio"])
    }
    return StreamWish(
      uri: uri, identity: try streamText(definition?["device_identity"], "device_identity", "start"),
      sampleRate: format?["sample_rate"]?.int.map { Int(clamping: $0) },
      channels: Int(clamping: format?["channels"]?.int ?? 2),
      chunkBytes: definition?["chunk_size_bytes"]?.int ?? 0,
      path: try streamText(content["chunk_path"], "chunk_path", "start"))
  }

  private func streamText(_ value: JSONValue?, _ name: String, _ step: String) throws(Refusal) -> String {
    guard let text = value?.string, !text.isEmpty, text.utf8.count <= ToolLimits.pathLength,
      !text.utf8.contains(0), !name.hasSuffix("path") || text.hasPrefix("/")
    else {
      throw Self.streamRefusal(
        step,
        [
          "the request has no \(name) that can be used",
          "it must be a text of 1 to \(ToolLimits.pathLength) bytes, and a path absolute", "stream_\(step)",
        ])
    }
    return text
  }
}
