import HootWire
import MIDI
import Tools

/// What a message does: a request by its declaration, as if it had been typed. A value.
struct MIDIBinding: Equatable, Sendable {
  /// Which messages are meant.
  struct Source: Equatable, Hashable, Sendable {
    enum Kind: String, Sendable { case note, controller, program }

    var kind: Kind
    /// 1 … 16.
    var channel: Int
    /// Key, controller or program, 0 … 127.
    var number: Int

    var words: String { "\(kind.rawValue) \(number), channel \(channel)" }
  }

  /// A controller that moves a parameter: 0 is `low`, 127 is `high`.
  struct Sweep: Equatable, Sendable {
    var parameter: String
    var low: Double
    var high: Double

    func value(at position: Int) -> Double { low + (high - low) * Double(position) / 127 }
  }

  /// Its number for people; kept as long as it is bound.
  var id: Int
  var source: Source
  /// What was learnt, in the words it was asked for.
  var action: String
  /// The request: an object with a `type`.
  var request: JSONValue
  var sweep: Sweep?

  /// The request for a controller's position.
  func request(at position: Int) -> JSONValue {
    guard let sweep, var object = request.object else { return request }
    object[sweep.parameter] = .number(sweep.value(at: position))
    return .object(object)
  }
}

extension MIDIBinding.Source {
  /// The source of a message that could be bound; nil for all others.
  init?(_ message: MIDIMessage) {
    let channel = Int(message.channel) + 1
    switch message.status & 0xF0 {
    case 0x80, 0x90: self.init(kind: .note, channel: channel, number: Int(message.data1))
    case 0xB0: self.init(kind: .controller, channel: channel, number: Int(message.data1))
    case 0xC0: self.init(kind: .program, channel: channel, number: Int(message.data1))
    default: return nil
    }
  }
}

extension MIDIBinding {
  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("id", .integer(Int64(id))), ("kind", .string(source.kind.rawValue)),
      ("channel", .integer(Int64(source.channel))), ("number", .integer(Int64(source.number))),
      ("action", .string(action)), ("request", request),
    ]
    if let sweep {
      members.append(
        (
          "sweep",
          [
            "parameter": .string(sweep.parameter), "low": .number(sweep.low), "high": .number(sweep.high),
          ]
        ))
    }
    return JSONValue(members)
  }

  /// What a file says, held against the catalogue as if it had been typed; nil when it is not possible.
  init?(_ json: JSONValue) {
    guard let id = json["id"]?.int.flatMap({ Int(exactly: $0) }),
      (1...ControlLimits.midiBindings).contains(id),
      let kind = json["kind"]?.string.flatMap(Source.Kind.init(rawValue:)),
      let channel = json["channel"]?.int, (1...16).contains(channel),
      let number = json["number"]?.int, (0...127).contains(number),
      let action = json["action"]?.string, action.utf8.count <= 4 * ToolLimits.referenceLength,
      let request = json["request"], request.object != nil
    else { return nil }
    self.init(
      id: id, source: Source(kind: kind, channel: Int(channel), number: Int(number)), action: action,
      request: request)
    if let sweep = json["sweep"], sweep != .null {
      guard kind == .controller, let parameter = sweep["parameter"]?.string, let low = sweep["low"]?.double,
        let high = sweep["high"]?.double
      else { return nil }
      self.sweep = Sweep(parameter: parameter, low: low, high: high)
    }
    // Both ends of a sweep must be possible: what lies between them is.
    guard MIDIAction.isPossible(self.request(at: 0)), MIDIAction.isPossible(self.request(at: 127)) else {
      return nil
    }
  }
}
