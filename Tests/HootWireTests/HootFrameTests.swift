import FoundationEssentials
import HootWire
import Testing

@Suite struct HootFrameTests {
  private let seven: [[UInt8]] = [
    HootFrame.mark, [0, 2], [0, 3], Array(1...16), Array("chaosgarden".utf8), [], Array("{}".utf8),
  ]

  @Test func theVectorsAreAllThere() {
    #expect(Vector.all.count == 31)
    #expect(Vector.hoot.count == 29)
    #expect(Vector.messages.count == 17)
  }

  @Test(arguments: Vector.hoot) func aVectorMeansWhatItSays(_ vector: Vector) throws {
    let frame = try HootFrame.parse(vector.frames)
    let commands = ["ready", "request", "reply", "heartbeat", "disconnect"]
    let contentTypes = ["empty", "capnp", "raw", "json"]
    #expect(commands[Int(frame.command.rawValue) - 1] == vector.meaning["command"]?.string)
    #expect(contentTypes[Int(frame.contentType.rawValue)] == vector.meaning["content_type"]?.string)
    #expect(frame.requestID.wireText == vector.meaning["request_id"]?.string)
    #expect(frame.service == vector.meaning["service"]?.string)
    #expect(frame.traceparent == vector.meaning["traceparent"]?.string)
    #expect(frame.body == vector.frames[6])
    #expect(frame.identity.isEmpty)
  }

  @Test(arguments: Vector.hoot) func aVectorIsWrittenAsItWasRead(_ vector: Vector) throws {
    #expect(try HootFrame.parse(vector.frames).encode() == vector.frames)
  }

  @Test func codesAreBigEndianAndTheIdIsInTextOrder() throws {
    let frame = try HootFrame.parse(seven)
    #expect(frame.command == .request)
    #expect(frame.contentType == .json)
    #expect(frame.requestID.wireText == "01020304-0506-0708-090a-0b0c0d0e0f10")
    #expect(frame.encode()[1] == [0, 2])
    #expect(throws: FrameError.unknownCommand(0x0200)) {
      try HootFrame.parse(replacing(1, by: [2, 0]))
    }
  }

  @Test func whateverStandsBeforeTheMarkIsIdentity() throws {
    let route: [[UInt8]] = [[0, 1, 2], [], Array("x".utf8)]
    let frame = try HootFrame.parse(route + seven)
    #expect(frame.identity == route)
    #expect(frame.encode() == route + seven)
    #expect(frame.reply(.json, [1]).encode().prefix(3) == route[...])
  }

  @Test func aPeerNamedLikeTheMarkIsUnderstoodWhenTheRouteIsKnown() throws {
    let frames = [HootFrame.mark] + seven
    let frame = try HootFrame.parse(frames, routingFrames: 1)
    #expect(frame.identity == [HootFrame.mark])
    #expect(frame.command == .request)
    #expect(throws: FrameError.unknownCommand(0x484f)) { try HootFrame.parse(frames) }
  }

  @Test func longerFramesAndFurtherFramesAreTolerated() throws {
    var frames = seven
    frames[1] += [9, 9]
    frames[2] += [9]
    frames[3] += [9]
    frames.append([7])
    #expect(try HootFrame.parse(frames) == HootFrame.parse(seven))
  }

  @Test func aReplyAndAHeartbeatCarryTheRequestsId() throws {
    let frame = try HootFrame.parse([[5]] + seven)
    let reply = frame.reply(.json, [1, 2])
    #expect(reply.command == .reply)
    #expect(reply.requestID == frame.requestID)
    #expect(reply.service == "chaosgarden")
    #expect(frame.heartbeatAnswer.requestID == frame.requestID)
    #expect(frame.heartbeatAnswer.encode()[1...3] == [HootFrame.mark, [0, 4], [0, 0]])
  }

  @Test func everyMalformedMessageIsNamed() {
    let cases: [([[UInt8]], FrameError)] = [
      ([], .noMark(frames: 0)),
      ([[]], .noMark(frames: 1)),
      ([Array("HOOT02".utf8)] + seven.dropFirst(), .noMark(frames: 7)),
      ([Array("hoot01".utf8)], .noMark(frames: 1)),
      (seven.dropLast(), .tooFewFrames(found: 6, wanted: 7)),
      ([[1], HootFrame.mark], .tooFewFrames(found: 1, wanted: 7)),
      (replacing(1, by: []), .shortCode(frame: "command", bytes: 0)),
      (replacing(1, by: [2]), .shortCode(frame: "command", bytes: 1)),
      (replacing(2, by: [3]), .shortCode(frame: "content type", bytes: 1)),
      (replacing(1, by: [0, 0]), .unknownCommand(0)),
      (replacing(1, by: [0, 6]), .unknownCommand(6)),
      (replacing(2, by: [0, 4]), .unknownContentType(4)),
      (replacing(2, by: [0xff, 0xff]), .unknownContentType(65535)),
      (replacing(3, by: Array(1...15)), .shortRequestID(bytes: 15)),
      (replacing(4, by: [0xff]), .notUTF8(frame: "service")),
      (replacing(5, by: [0xc0, 0x80]), .notUTF8(frame: "traceparent")),
    ]
    for (frames, error) in cases {
      #expect(throws: error) { try HootFrame.parse(frames) }
      #expect(!error.description.contains("\n"))
    }
  }

  @Test func damagedMessagesAreReadTheSameTwiceOrRefused() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<5000 {
      var frames = [[UInt8(1)]] + seven
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        guard let index = frames.indices.randomElement(using: &random) else { continue }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: frames.remove(at: index)
        case 1: frames[index] = frames[index].dropLast()
        case 2: frames.insert(HootFrame.mark, at: index)
        default: frames[index].append(UInt8.random(in: 0...255, using: &random))
        }
      }
      // A refusal is fine; what is read must survive being written.
      guard let frame = try? HootFrame.parse(frames) else { continue }
      #expect(try HootFrame.parse(frame.encode()) == frame)
    }
  }

  private func replacing(_ index: Int, by bytes: [UInt8]) -> [[UInt8]] {
    var frames = seven
    frames[index] = bytes
    return frames
  }
}
