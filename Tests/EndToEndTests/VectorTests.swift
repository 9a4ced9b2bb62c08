import Foundation
import HootCapnProto
import HootWire
import Testing

@testable import ControlSocket

extension EndToEnd {
  /// Real exchanges with the daemon before this one, sent again in their order to one fresh daemon.
  struct Vectors {
    @Test func `[R54] Every recorded exchange is answered as it was, or as is true`() throws {
      let exchanges = try Exchange.all()
      #expect(exchanges.count >= 60)
      #expect(Set(Difference.all.keys).isSubset(of: exchanges.map(\.name)))
      try Stage.run { stage in
        let ports = """
          in - NiftyCASE:NiftyCASE MIDI 1 28:0
          in - Virtual Raw MIDI 3-0:VirMIDI 3-0 32:0
          out - BRAINS:BRAINS MIDI 1 24:0
          out - NiftyCASE:NiftyCASE MIDI 1 28:0
          """
        let devices = """
          out 52 Built-in Audio Analog Stereo | ALC257 Analog
          in 53 - ES-9 Multichannel
          out 55 hdmi.1

          """
        let list = try stage.write(Array(ports.utf8), "ports")
        let machine = try stage.write(Array(devices.utf8), "devices")
        let daemon = try stage.daemon("--period", "256", "--midi-ports", list, "--audio-devices", machine)
        let player = try Player(daemon)
        for exchange in exchanges {
          // The recorded daemon made an output of any name; and streams name what they record by another name yet.
          let more = [
            "garden_attach_audio": "out 60 pro-out", "garden_attach_audio_defaults": "",
            "stream_start": "in 54 - alsa_input.usb-ES-9",
          ]
          if let line = more[exchange.name] { _ = try stage.write(Array((devices + line).utf8), "devices") }
          try player.play(exchange)
        }
        #expect(eventually(20) { !daemon.isRunning })
      }
    }
  }
}

/// One recorded request, and what was answered.
private struct Exchange {
  let name: String
  let socket: String
  let frames: [[UInt8]]
  let meaning: JSONValue
  /// In words.
  let expected: String
  /// The recorded reply; of JSON requests, which the recorded daemon refused, the one that their senders expect.
  let reply: JSONValue?

  /// In the order of the file; what ends the daemon comes last. The recorded daemon refused everything in JSON: here such
  /// a request stands where what it speaks of exists.
  static func all() throws -> [Exchange] {
    let path = "\(Stage.root)/Tests/HootCapnProtoTests/Fixtures/vectors.jsonl"
    let lines = try #require(FileManager.default.contents(atPath: path)).split(separator: 0x0A)
    let vectors = try lines.map { try JSONValue.parse(Array($0)) }
    func text(_ vector: JSONValue, _ key: String) -> String { vector[key]?.string ?? "" }
    var replies: [String: JSONValue] = [:]
    for vector in vectors where text(vector, "direction") == "from_daemon" {
      let name = text(vector, "reply_to")
      if replies[name] == nil || text(vector, "name").hasSuffix(".compat_reply") {
        replies[name] = vector["meaning"]
      }
    }
    let requests = vectors.filter { text($0, "direction") == "to_daemon" }.map { vector in
      Exchange(
        name: text(vector, "name"), socket: text(vector, "socket"),
        frames: (vector["frames_hex"]?.array ?? []).map { bytes(hex: $0.string ?? "") },
        meaning: vector["meaning"] ?? nil, expected: text(vector, "expect"),
        reply: replies[text(vector, "name")])
    }
    let after = ["midi_send_start": "json_play_midi", "stream_switch_chunk": "json_stream_switch_chunk"]
    let last = "json_shutdown"
    return requests.filter { !after.values.contains($0.name) && $0.name != last }.flatMap { request in
      [request] + requests.filter { $0.name == after[request.name] }
    } + requests.filter { $0.name == last }
  }

  private static func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex.utf8).map { UInt8(Character(UnicodeScalar($0)).hexDigitValue ?? 0) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}

/// Where our answer is meant to be another, and why.
private enum Difference {
  /// The payload in our schema's names; values that change from run to run are left out.
  case reply(JSONValue)
  case error(String)

  static let all: [String: Difference] = [
    // The old daemon left both numbers zero.
    "garden_create_region_content": .reply(["garden_region_created": ["position": 4, "duration": 8]]),
    "garden_create_region_latent": .reply(["garden_region_created": ["position": 16, "duration": 4]]),
    "legacy_garden_create_region": .reply(["garden_region_created": ["position": 1, "duration": 2]]),
    // The count, which the old one's clients looked for in vain.
    "garden_clear_regions": .reply(["ack": ["message": "cleared 1 regions"]]),
    // Where the sound went.
    "garden_attach_audio": .reply(["ack": ["message": "attached: pro-out at 44100 Hz, 128 frames"]]),
    "garden_attach_audio_defaults": .reply([
      "ack": ["message": "attached: no card, paced by the clock at 48000 Hz, 256 frames"]
    ]),
    "garden_audio_status_attached": .reply([
      "garden_audio_status": [
        "attached": true, "device_name": "no card, paced by the clock", "sample_rate": 48000,
        "latency_frames": 256,
      ]
    ]),
    // The main output is there whether something plays or not, and silence is reported as silence.
    "garden_get_audio_snapshot": .reply([
      "garden_audio_snapshot": ["sample_rate": 48000, "channels": 2]
    ]),
    // No RAVE service is asked for anything.
    "rave_stream_start": .error("shell_error"), "rave_stream_stop": .error("shell_error"),
  ]
}

/// Sends exchanges and holds the answers against what is expected.
private final class Player {
  private let schemas: WireSchemas
  private var sockets: [String: EndToEnd.Wire.RawPeer] = [:]
  /// The recorded run's names of things, and this run's.
  private var names: [String: String] = [:]
  /// What the JSON request that plays MIDI names is a text, which the recorded daemon never read.
  private static let text = "5c735d76fe3537a0f35cf4a4eb14a532"
  private let melody: String

  init(_ daemon: Daemon) throws {
    for chunk in [
      "/tmp/garden-x/proto/run2/chunk-a", "/tmp/garden-x/proto/run2/chunk-b", "/srv/cas/staging/12/3456",
    ] {
      // A chunk's file is there before it is spoken of.
      names[chunk] = try daemon.stage.write([], String(chunk.suffix(7).filter { $0 != "/" }))
    }
    melody = try #require(
      try daemon.stage.json("cas", "put", Stage.demo("lead.mid"))["hash"]?.string)
    schemas = try WireSchemas()
    let directory = try SocketDirectory(path: daemon.stage.socketDir)
    for (name, socket) in [("shell", SocketName.shell), ("control", .control), ("hb", .heartbeat)] {
      sockets[name] = try EndToEnd.Wire.RawPeer(directory, socket)
    }
  }

  func play(_ exchange: Exchange) throws {
    let socket = try #require(sockets[exchange.socket], "\(exchange.name)")
    let frames = try rewritten(exchange)
    try #require(socket.send(frames) == .queued)
    if exchange.expected == "no reply" {
      // Nothing comes before the answer to the next one.
      return
    }
    let answer = try #require(socket.receive(), "\(exchange.name) is not answered")
    if exchange.expected == "echo" {
      #expect(answer == exchange.frames, "\(exchange.name)")
      return
    }
    let request = try HootFrame.parse(exchange.frames)
    let reply = try HootFrame.parse(answer)
    #expect(reply.requestID == request.requestID, "\(exchange.name)")
    if exchange.expected == "heartbeat/empty" {
      #expect(reply.command == .heartbeat && reply.body.isEmpty, "\(exchange.name)")
      return
    }
    #expect(reply.command == .reply && reply.service == HootFrame.service, "\(exchange.name)")
    let wantedKind: HootFrame.ContentType = request.contentType == .json ? .json : .capnProto
    #expect(reply.contentType == wantedKind, "\(exchange.name)")
    let found = reply.contentType == .json ? try json(reply, exchange) : try payload(reply, request)
    try hold(found, against: exchange)
  }

  /// With the ids that this run has given where the recorded run's stand.
  private func rewritten(_ exchange: Exchange) throws -> [[UInt8]] {
    guard let body = exchange.frames.last else { return exchange.frames }
    if exchange.meaning["json"] != nil {
      let text = names.merging([Self.text: melody], uniquingKeysWith: { $1 }).reduce(
        String(decoding: body, as: UTF8.self)
      ) { text, name in
        text.replacingOccurrences(of: name.key, with: name.value)
      }
      return exchange.frames.dropLast() + [Array(text.utf8)]
    }
    guard exchange.meaning["envelope"] != nil else { return exchange.frames }
    var message = try schemas.read(body, as: .envelope)
    message = message.mappingTexts { names[$0] ?? $0 }
    return exchange.frames.dropLast() + [try schemas.write(message, as: .envelope)]
  }

  private func payload(_ reply: HootFrame, _ request: HootFrame) throws -> JSONValue {
    let envelope = try schemas.read(reply.body, as: .envelope)
    #expect(envelope["id"] == request.requestID.envelopeID)
    return envelope["payload"] ?? nil
  }

  private func json(_ reply: HootFrame, _ exchange: Exchange) throws -> JSONValue {
    let message = try JSONBodyCodec.message(reply.body)
    #expect(
      message.parentHeader?.msgID.wireText == exchange.meaning["request_id"]?.string, "\(exchange.name)")
    return message.content
  }

  private func hold(_ found: JSONValue, against exchange: Exchange) throws {
    let response = found["tool_response"]?.canonical
    let code = found["error"]?["code"]?.string ?? found["detail"]?["code"]?.string
    remember(found, exchange)
    switch Difference.all[exchange.name] {
    case .error(let wanted)?: #expect(code == wanted, "\(exchange.name): \(found.text)")
    case .reply(let wanted)?: #expect(response == wanted.canonical, "\(exchange.name): \(found.text)")
    case nil:
      if let recorded = exchange.reply?["payload"] {
        let wantedCode = recorded["error"]?["code"]?.string
        #expect(code == wantedCode, "\(exchange.name): \(found.text)")
        if wantedCode == nil { #expect(response == recorded["toolResponse"]?.canonical, "\(exchange.name)") }
      } else if let recorded = exchange.reply?["json"]?["content"] {
        // Its own run's regions are not this run's.
        #expect(found["type"] == recorded["type"], "\(exchange.name): \(found.text)")
        #expect(found.shape.isSuperset(of: recorded.shape), "\(exchange.name): \(found.text)")
      } else {
        try hold(found, toWords: exchange)
      }
    }
  }

  /// `toolResponse.ack "ok"` or `error shell_error: …`.
  private func hold(_ found: JSONValue, toWords exchange: Exchange) throws {
    let words = exchange.expected.split(whereSeparator: { " .:".contains($0) }).map(String.init)
    try #require(words.count >= 2, "\(exchange.name): \(exchange.expected)")
    let content =
      words[0] == "error"
      ? found["error"]?["code"]?.string : found["tool_response"]?.object?.members.first?.key
    #expect(content == words[1].snakeCase, "\(exchange.name): \(found.text)")
  }

  private func remember(_ found: JSONValue, _ exchange: Exchange) {
    guard let ours = found["tool_response"]?["garden_region_created"]?["region_id"]?.string,
      let theirs = exchange.reply?["payload"]?["toolResponse"]?["gardenRegionCreated"]?["regionId"]?.string
    else { return }
    names[theirs] = ours
  }
}

extension JSONValue {
  /// In our names, without what changes from run to run or is the same as nothing: zeros, empty texts and lists.
  fileprivate var canonical: JSONValue {
    switch self {
    case .array(let values): return .array(values.map(\.canonical))
    case .object(let object):
      var members: [(String, JSONValue)] = []
      for member in object.members {
        let (name, value) = (member.key.snakeCase, member.value.canonical)
        // How far it has come by the time it is asked is the machine's affair.
        if name == "position_beats", object["state"] == "playing" { continue }
        if Self.ofTheRun.contains(name) || value == "" || value == [] || value == 0.0 || value == false {
          continue
        }
        members.append((name, value))
      }
      return .object(JSONObject(members))
    case .integer(let value): return .number(Double(value))
    case .unsigned(let value): return .number(Double(value))
    default: return self
    }
  }

  private static let ofTheRun: Set = [
    "region_id", "callbacks", "samples_written", "buffer_underruns", "samples", "sinks", "sources",
    "monitor_reads", "monitor_samples", "samples_captured", "overruns",
  ]

  fileprivate func mappingTexts(_ map: (String) -> String) -> JSONValue {
    switch self {
    case .string(let text): .string(map(text))
    case .array(let values): .array(values.map { $0.mappingTexts(map) })
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.key, $0.value.mappingTexts(map)) }))
    default: self
    }
  }

  /// The paths of an object's members, those inside lists apart.
  fileprivate var shape: Set<String> {
    var paths: Set<String> = []
    for member in object?.members ?? [] {
      paths.insert(member.key)
      paths.formUnion(member.value.shape.map { "\(member.key).\($0)" })
    }
    return paths
  }
}

extension String {
  fileprivate var snakeCase: String {
    reduce(into: "") { text, letter in
      if letter.isASCII, letter.isUppercase { text += "_" + letter.lowercased() } else { text.append(letter) }
    }
  }
}
