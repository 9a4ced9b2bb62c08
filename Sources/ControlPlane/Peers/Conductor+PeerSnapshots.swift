import ControlSocket
import HootWire

extension Conductor {
  /// The sound since the same reader's last snapshot. Each client has a place of its own, and may have several by the
  /// names it gives them.
  func peerSnapshot(_ arguments: PeerArguments, _ incoming: Incoming) throws(Refusal) -> JSONValue {
    let frames = min(try arguments.count("frames"), Int(ControlLimits.heardSeconds * engine.sampleRate))
    let reader = try arguments.optionalText("reader") ?? ""
    let name = "\(incoming.peer.identity) \(reader)"
    let (samples, next) = loudness.heard.read(from: peerAudio.cursors[name], count: frames)
    peerAudio.cursors.move(name, to: next)
    return [
      "type": .string(arguments.isJSON ? "audio_snapshot" : "garden_audio_snapshot"),
      "sample_rate": .integer(Int64(engine.sampleRate)), "channels": 2, "format": 0,
      "samples": .array(samples.map { arguments.isJSON ? JSONValue($0) : .number(Double($0)) }),
    ]
  }
}
