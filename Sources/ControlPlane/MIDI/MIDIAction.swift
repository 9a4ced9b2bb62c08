import Commands
import HootWire
import Tools

/// What can be learnt: short words for what a foot wants, and any command by itself.
enum MIDIAction {
  struct Meaning: Equatable {
    var action: String
    var request: JSONValue
    var sweep: MIDIBinding.Sweep?
  }

  /// The request that stands behind a word; the arguments are those of `learn`.
  static func meaning(of arguments: Arguments) throws(Refusal) -> Meaning {
    if let line = arguments.text(.to) {
      guard arguments.text(.action) == nil else {
        throw Refusal(
          "conflict", .usage, "two things to learn at once", "an action and --to were both given",
          "garden learn --to \"\(line)\"")
      }
      return Meaning(action: line, request: try request(line))
    }
    let action = arguments.text(.action) ?? ""
    let track = arguments.text(.track)
    if let sweep = sweeps[action] {
      guard track != nil || action == "gain" else {
        throw Refusal(
          "missing", .usage, "whose \(action) is not said", "the master has none",
          "garden learn \(action) --track lead")
      }
      let request: JSONValue = ["type": "track_set", "track": .string(track ?? "master")]
      return Meaning(action: "\(action) of \(track ?? "master")", request: request, sweep: sweep)
    }
    guard let request = presses[action] else {
      throw Refusal(
        "missing", .usage, "there is nothing to learn", "neither an action nor --to was given",
        "garden learn play")
    }
    guard track == nil else {
      throw Refusal(
        "conflict", .usage, "\(action) has no track", "--track goes with gain and pan",
        "garden learn gain --track \(track ?? "lead")")
    }
    try check(request)
    return Meaning(action: action, request: request)
  }

  private static let presses: [String: JSONValue] = [
    "play": ["type": "play"], "toggle": ["type": "play", "toggle": true], "pause": ["type": "pause"],
    "stop": ["type": "stop"], "next": ["type": "next"], "previous": ["type": "previous"],
    "panic": ["type": "panic"], "tap": ["type": "tap"], "marker": ["type": "marker_add"],
    "enter": ["type": "session_enter"],
  ]

  /// A controller's way over a parameter of a track.
  private static let sweeps: [String: MIDIBinding.Sweep] = [
    "gain": MIDIBinding.Sweep(parameter: "gain", low: -60, high: 6),
    "pan": MIDIBinding.Sweep(parameter: "pan", low: -1, high: 1),
  ]

  /// A command line without `garden`, by the same declarations.
  private static func request(_ line: String) throws(Refusal) -> JSONValue {
    let parser = CommandLineParser(workingDirectory: "/") { _ in false }
    let parsed: CommandLineRequest
    do { parsed = try parser.parse(words(line)) } catch { throw Refusal(error) }
    guard case .run(let invocation) = parsed, case .tool(let tool) = invocation.command else {
      throw Refusal(
        "not_bindable", .usage, "this cannot be learnt: \(line.prefix(60))",
        "only what the daemon itself does can be", "garden learn --to \"seek @chorus\"")
    }
    let request = tool.request(invocation.arguments)
    try check(request)
    return request
  }

  /// Words between spaces; those in quotes belong together.
  static func words(_ line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == " " {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }

  /// A footswitch starts what is answered from memory: not what reads a file, and not learning itself.
  static func check(_ request: JSONValue) throws(Refusal) {
    guard let name = request["type"]?.string, let tool = Catalogue.tool(named: name) else {
      throw Refusal(Catalogue.unknownTool(request["type"]?.string ?? ""))
    }
    let refusal = Refusal(
      "not_bindable", .refused, "\(tool.usage.command) cannot be bound to a message",
      "it only shows something, or it reads files first", "garden learn --to \"seek @chorus\"")
    guard tool.isCommand, tool.name != .shutdown else { throw refusal }
    if tool.timing.timingClass != .immediate, tool.timing.timingClass != .acknowledge {
      let reads = ["soundfont", "interpolation"].contains { request[$0] != nil }
      guard tool.name == .trackSet, !reads else { throw refusal }
    }
    do { _ = try tool.validate(ToolValue.fields(ofRequest: request)) } catch { throw Refusal(error) }
  }

  static func isPossible(_ request: JSONValue) -> Bool {
    // Why not is not asked.
    (try? check(request)) != nil
  }
}
