import ContentStore
import ControlSocket
import HootWire
import Inspection
import MIDI
import Media
import Tools

// ABC notation, and what is to be known of files. What a request brings along and is short is read at once; files are
// the loader's.

extension Conductor {
  func parseABC(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try readABC(arguments, incoming) { source in ABCReport.parse(source) }
  }

  func validateABC(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try readABC(arguments, incoming) { source in ABCReport.validate(source) }
  }

  func transposeABC(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try readABC(arguments, incoming) { source throws(Refusal) in
      do throws(ToolError) { return try ABCReport.transpose(source, arguments) } catch {
        throw Refusal(error)
      }
    }
  }

  /// Writes a file, or into the content store.
  func convertABC(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let store = store
    return try readABC(arguments, incoming, isSlow: true) { source throws(Refusal) in
      let made: (bytes: [UInt8], result: JSONObject)
      do throws(ToolError) { made = try ABCReport.midi(source, arguments) } catch { throw Refusal(error) }
      var result = made.result
      if let output = arguments.text(.output) {
        try WholeFile.write(
          made.bytes, to: output, overwrites: arguments.isSet(.force), what: "The MIDI file")
        result["output"] = .string(output)
      } else {
        do throws(StoreError) {
          let stored = try store.put(made.bytes, mimeType: "audio/midi")
          result["hash"] = .string(stored.hash)
          result["path"] = .string(stored.path)
        } catch { throw Refusal(error) }
      }
      return .object(result)
    }
  }

  func describeMIDI(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let reference = arguments.text(.file) ?? ""
    let store = store
    return try look(incoming) { () throws(Refusal) in
      let path = try store.file(reference).path
      let bytes = try FileStamp(path: path).read(limit: MIDILimits.maximumFileBytes)
      do throws(SMFError) { return MIDIReport.json(path, try SMFReader.read(bytes)) } catch {
        throw Refusal(error, path: path)
      }
    }
  }

  /// The storekeeper measures: minutes of sound take seconds, and a clip that is to play must not wait for them.
  func describeAudio(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let reference = arguments.text(.file) ?? ""
    let store = store
    return try look(incoming, on: storekeeper) { () throws(Refusal) in
      let path = try store.file(reference).path
      return try AudioDescription.read(path, measuredSeconds: ControlLimits.measuredSeconds).json
    }
  }

  private func readABC(
    _ arguments: Arguments, _ incoming: Incoming, isSlow: Bool = false,
    _ work: @escaping @Sendable (ABCSource) throws(Refusal) -> JSONValue
  ) throws(Refusal) -> Answer {
    let text = arguments.text(.abc)
    let reference = arguments.text(.file)
    guard (text == nil) != (reference == nil) else {
      throw Refusal(
        "missing_parameter", .usage, "ABC notation comes in one piece",
        text == nil ? "Neither file nor abc was given." : "Both file and abc were given.",
        "garden help abc parse")
    }
    if let text, !isSlow, text.utf8.count <= ControlLimits.abcAtOnceBytes {
      return .reply(.ok(try work(Self.source("abc", Array(text.utf8)))))
    }
    let store = store
    return try look(incoming) { () throws(Refusal) in
      if let text { return try work(Self.source("abc", Array(text.utf8))) }
      let path = try store.file(reference ?? "").path
      return try work(Self.source(path, FileStamp(path: path).read(limit: ABCSource.maximumBytes)))
    }
  }

  private nonisolated static func source(_ name: String, _ bytes: [UInt8]) throws(Refusal) -> ABCSource {
    do throws(ToolError) { return try ABCSource(name: name, bytes: bytes) } catch { throw Refusal(error) }
  }

  func look(
    _ incoming: Incoming, on thread: Loader? = nil,
    _ work: @escaping @Sendable () throws(Refusal) -> JSONValue
  ) throws(Refusal) -> Answer {
    try load(
      on: thread, { .content(Result { () throws(Refusal) in try work() }) },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .content(let result) = loaded else { return }
          finish(incoming, .ok(try result.get()))
        }
      })
    return .later
  }
}
