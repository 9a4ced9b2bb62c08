import Generators
import HootWire
import Jobs
import MIDI

/// The parameters of one call of a built-in tool, each held against its range.
struct BuiltinFields {
  private let call: HostCall
  private let object: JSONObject

  /// Refused where they are no object, or name what the tool does not take.
  init(_ call: HostCall, _ tool: BuiltinTool) throws(HostFailure) {
    self.call = call
    guard let object = (try? JSONValue.parse(call.parameters))?.object else {
      throw HostFailure(
        .permanent, "The parameters of \(call.tool) are no JSON object",
        why: "\(call.parameters.count) bytes of another kind.",
        next: "garden help generate")
    }
    self.object = object
    let known = tool.parameters + tool.inputs
    for member in object.members where !known.contains(member.key) {
      throw HostFailure(
        .permanent, "\(call.tool) has no parameter \(Plain.shown(member.key))",
        why: "It takes: \(known.joined(separator: ", ")).", next: "garden help generate")
    }
    for name in tool.requiredInputs where !call.inputs.contains(where: { $0.parameter == name }) {
      throw missing(name)
    }
  }

  func missing(_ name: String) -> HostFailure {
    HostFailure(
      .permanent, "\(call.tool) needs \(name)", why: "It was not given.", next: "garden help generate")
  }

  func refusal(_ name: String, _ why: String) -> HostFailure {
    HostFailure(
      .permanent, "\(call.tool): \(name) is refused", why: Plain.line(why), next: "garden help generate")
  }

  func failure(_ error: GeneratorError) -> HostFailure {
    HostFailure(.permanent, "\(call.tool): \(error.what)", why: error.why, next: error.next)
  }

  private func value(_ name: String) -> JSONValue? {
    guard let value = object[name], !value.isNull else { return nil }
    return value
  }

  func text(_ name: String) throws(HostFailure) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.string else { throw refusal(name, "seen \(value.kind), allowed text") }
    return text
  }

  func number(_ name: String, _ range: ClosedRange<Double>) throws(HostFailure) -> Double? {
    guard let value = value(name) else { return nil }
    guard let number = value.double, range.contains(number) else {
      throw refusal(name, "seen \(value.text), allowed \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func integer(_ name: String, _ range: ClosedRange<Int>) throws(HostFailure) -> Int? {
    guard let value = value(name) else { return nil }
    guard let number = value.double.flatMap({ Int(exactly: $0) }), range.contains(number) else {
      throw refusal(name, "seen \(value.text), allowed \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func music(_ name: String, _ bytes: [UInt8]) throws(HostFailure) -> MIDISequence {
    do { return try SMFReader.read(bytes) } catch { throw refusal(name, "\(error.what): \(error.why)") }
  }

  func phrase() throws(HostFailure) -> PhraseParameters {
    var parameters = PhraseParameters()
    let scaleName = try text("scale")
    guard let scale = scaleName.map({ Scale(rawValue: $0) }) ?? .major else {
      throw refusal(
        "scale",
        "seen \(Plain.shown(scaleName ?? "")), allowed \(Scale.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    let name = try text("key") ?? "C"
    guard let key = PhraseKey(name, scale: scale) else {
      throw refusal("key", "seen \(Plain.shown(name)), allowed C to B, with # or b")
    }
    parameters.key = key
    parameters.density = try number("density", GeneratorLimits.density) ?? parameters.density
    if let signature = try text("signature") {
      let parts = signature.split(separator: "/").map { Int($0) }
      guard parts.count == 2, let top = parts[0], let bottom = parts[1], (1...32).contains(top),
        [1, 2, 4, 8, 16].contains(bottom)
      else { throw refusal("signature", "seen \(Plain.shown(signature)), allowed 4/4, 6/8 and the like") }
      parameters.signature = .init(numerator: top, denominator: bottom)
    }
    if let beats = try number("beats", GeneratorLimits.phraseBeats) { parameters.beats = beats }
    if let bars = try integer("bars", 1...1024) {
      guard value("beats") == nil else { throw refusal("bars", "beats and bars were both given") }
      parameters.setBars(bars)
    }
    let low = try integer("low", 0...127) ?? parameters.register.lowerBound
    let high = try integer("high", 0...127) ?? max(parameters.register.upperBound, min(127, low + 24))
    guard low < high else { throw refusal("low", "seen \(low) and high \(high), allowed low below high") }
    parameters.register = low...high
    parameters.channel = UInt8((try integer("channel", 1...16) ?? 1) - 1)
    parameters.program = try integer("program", 0...127).map { UInt8($0) }
    parameters.tempo = try number("tempo", GeneratorLimits.tempo) ?? parameters.tempo
    parameters.velocity = UInt8(try integer("velocity", 1...127) ?? 88)
    parameters.temperature = try number("temperature", GeneratorLimits.temperature) ?? 1
    // Without a seed the job's own name is one: another job is another phrase, another attempt the same.
    parameters.seed = try integer("seed", 0...(1 << 53)).map { UInt64($0) } ?? call.job.high ^ call.job.low
    do throws(GeneratorError) { try parameters.check() } catch { throw failure(error) }
    return parameters
  }
}
