import Generators
import HootWire
import Jobs
import MIDI

/// What this program makes by itself. Each takes the parameters that stand here and no others.
package enum BuiltinTool: String, CaseIterable, Sendable {
  case abcToMIDI = "abc_to_midi"
  case phrase = "phrase_generate"
  case loops = "phrase_loops"
  case continuation = "phrase_continue"
  case bridge = "phrase_bridge"
  case render = "convert_midi_to_wav"
  case bounce
  // What a client could not wait for.
  case storeData = "cas_store"
  case storeFile = "cas_upload_file"
  case upload = "artifact_upload"

  /// Parameters that name artifacts, the required ones first.
  package var inputs: [String] {
    switch self {
    case .abcToMIDI, .phrase, .storeData, .storeFile, .upload: []
    case .loops: ["seed_hash"]
    case .continuation: ["input_hash"]
    case .bridge: ["section_a_hash", "section_b_hash"]
    case .render: ["input_hash", "soundfont_hash"]
    case .bounce: ["session_hash"]
    }
  }

  package var requiredInputs: [String] {
    switch self {
    case .abcToMIDI, .phrase, .loops, .storeData, .storeFile, .upload: []
    case .continuation, .bridge, .bounce: inputs
    case .render: ["input_hash"]
    }
  }

  /// Parameters of its own.
  package var parameters: [String] {
    switch self {
    case .abcToMIDI: ["abc", "tune", "tempo", "transpose", "velocity", "channel", "program"]
    case .phrase, .loops:
      [
        "key", "scale", "density", "beats", "bars", "signature", "low", "high", "channel", "program", "tempo",
        "velocity",
        "temperature", "seed", "num_variations",
      ]
    case .continuation, .bridge: ["beats", "bars", "velocity", "temperature", "seed", "num_variations"]
    case .render: ["sample_rate"]
    case .bounce: ["output", "from", "to", "sample_rate", "bits", "lufs"]
    case .storeData: ["data", "mime_type"]
    case .storeFile: ["file_path", "mime_type"]
    case .upload: ["file", "label"]
    }
  }

  /// Makes it, but for what the renderer does. Pure; on the calling thread. `isCancelled` is asked between variations.
  func make(
    _ call: HostCall, _ inputs: [String: [UInt8]], isCancelled: () -> Bool
  ) throws(HostFailure) -> HostResult {
    var fields = try BuiltinFields(call, self)
    switch self {
    case .abcToMIDI: return try convert(&fields)
    case .storeData, .storeFile, .upload: return try storing(fields)
    case .phrase, .loops, .continuation, .bridge, .render, .bounce: break
    }
    let count = try fields.integer("num_variations", 1...HostClientLimits.artifacts) ?? 1
    var parameters = try fields.phrase()
    var given: [String: MIDISequence] = [:]
    for (name, bytes) in inputs { given[name] = try fields.music(name, bytes) }
    var result = HostResult()
    for variation in 0..<count where !isCancelled() {
      let sequence: MIDISequence
      do throws(GeneratorError) { sequence = try make(parameters, given) } catch {
        throw fields.failure(error)
      }
      result.artifacts.append(
        HostArtifact(
          .bytes(SMFWriter.write(sequence)), type: "audio/midi",
          label: count > 1 ? "variation \(variation + 1)" : ""))
      parameters.seed &+= 1
    }
    result.value = JSONValue.object(
      JSONObject([
        ("beats", .number(parameters.beats)), ("seed", JSONValue(parameters.seed &- UInt64(count))),
      ])
    ).encode()
    return result
  }

  private func make(
    _ parameters: PhraseParameters, _ given: [String: MIDISequence]
  ) throws(GeneratorError) -> MIDISequence {
    let nothing = MIDISequence(events: [])
    switch self {
    case .loops: return try PhraseGenerator.loop(parameters, like: given["seed_hash"])
    case .continuation:
      return try PhraseGenerator.continuation(of: given["input_hash"] ?? nothing, parameters)
    case .bridge:
      return try PhraseGenerator.bridge(
        from: given["section_a_hash"] ?? nothing, to: given["section_b_hash"] ?? nothing, parameters)
    case .phrase, .abcToMIDI, .render, .bounce, .storeData, .storeFile, .upload:
      return try PhraseGenerator.phrase(parameters)
    }
  }

  /// What lies there already becomes the artifact: whoever keeps artifacts takes the copy.
  private func storing(_ fields: BuiltinFields) throws(HostFailure) -> HostResult {
    let type = try fields.text("mime_type") ?? "application/octet-stream"
    let label = try fields.text("label") ?? ""
    guard self != .storeData else {
      guard let bytes = try fields.text("data").flatMap({ Base64.decode($0) }) else {
        throw fields.refusal("data", "it is no base64")
      }
      return HostResult(artifacts: [HostArtifact(.bytes(bytes), type: type, label: label)])
    }
    let name = self == .upload ? "file" : "file_path"
    guard let path = try fields.text(name) else { throw fields.missing(name) }
    guard path.hasPrefix("/") else {
      throw fields.refusal(name, "seen \(Plain.shown(path)), allowed an absolute path")
    }
    return HostResult(artifacts: [HostArtifact(.original(path: path), type: type, label: label)])
  }

  private func convert(_ fields: inout BuiltinFields) throws(HostFailure) -> HostResult {
    guard let text = try fields.text("abc") else { throw fields.missing("abc") }
    let book = ABCParser.parse(text)
    if let error = book.diagnostics.first(where: { $0.severity == .error }) {
      throw fields.refusal("abc", "line \(error.line), column \(error.column): \(error.message)")
    }
    var playing = ABCPlaying()
    playing.tempo = try fields.number("tempo", GeneratorLimits.tempo)
    playing.transpose = try fields.integer("transpose", GeneratorLimits.transpose) ?? 0
    playing.velocity = UInt8(try fields.integer("velocity", 1...127) ?? 80)
    playing.channel = try fields.integer("channel", 1...16).map { UInt8($0 - 1) }
    playing.program = try fields.integer("program", 0...127).map { UInt8($0) }
    let number = try fields.integer("tune", 0...1_000_000_000)
    let tune = number.map { wanted in book.tunes.first { $0.number == wanted } } ?? book.tunes.first
    guard let tune else { throw fields.refusal("tune", "there is no such tune in the text") }
    do throws(GeneratorError) {
      let sequence = try tune.sequence(playing)
      let value = JSONObject([
        ("notes_count", .integer(Int64(sequence.noteCount))),
        ("beats", .number(Double(sequence.lengthTicks) / Double(MIDILimits.ticksPerBeat))),
      ])
      return HostResult(
        artifacts: [HostArtifact(.bytes(SMFWriter.write(sequence)), type: "audio/midi")],
        value: JSONValue.object(value).encode())
    } catch { throw fields.failure(error) }
  }
}
