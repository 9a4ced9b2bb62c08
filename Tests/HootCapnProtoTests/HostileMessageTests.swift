import HootWire
import Testing

@testable import HootCapnProto

/// What a message must not be able to do, whatever it holds: crash, take long, or be taken for another.
struct HostileMessageTests {
  private func read(_ bytes: [UInt8]) throws -> JSONValue {
    try VectorTests.schemas.get().read(bytes, as: .envelope)
  }

  /// A message of one segment.
  private func message(_ words: [UInt64]) -> [UInt8] { message(segments: [words]) }

  /// A segment table, padded to a whole word, then the segments.
  private func message(segments: [[UInt64]]) -> [UInt8] {
    var table = [UInt32(segments.count - 1)] + segments.map { UInt32($0.count) }
    if table.count % 2 == 1 { table.append(0) }
    let head = table.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    return head
      + segments.joined().flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }

  /// A struct pointer: offset in words from behind it, data words, pointers.
  private func structure(_ offset: Int, _ data: UInt64, _ pointers: UInt64) -> UInt64 {
    UInt64(UInt32(bitPattern: Int32(offset) << 2)) | data << 32 | pointers << 48
  }

  /// A list pointer: offset, the code of the element's size, the count of elements (of words for code 7).
  private func list(_ offset: Int, _ size: UInt64, _ count: UInt64) -> UInt64 {
    UInt64(UInt32(bitPattern: Int32(offset) << 2)) | 1 | size << 32 | count << 35
  }

  @Test(arguments: Vector.envelopes) func everyBeginningOfARecordedMessageIsReadOrRefused(_ vector: Vector)
    throws
  {
    var refused = 0
    for count in stride(from: 0, to: vector.body.count, by: 5) {
      do { _ = try read(Array(vector.body[..<count])) } catch { refused += 1 }
    }
    #expect(refused > 0)
  }

  @Test func aNullRootReadsAsTheFirstMemberEverywhere() throws {
    #expect(try read(message([0])) == [:])
  }

  @Test func aPointerOutOfTheMessageIsRefused() {
    #expect(throws: CapnProtoError.self) { try read(message([structure(500, 0, 3)])) }
    #expect(throws: CapnProtoError.self) { try read(message([structure(-100, 0, 3)])) }
    // A far pointer to a segment that is not there.
    #expect(throws: CapnProtoError.self) { try read(message([2 | 9 << 32])) }
  }

  @Test func moreSegmentsThanPeersSendAreRefused() {
    #expect(throws: CapnProtoError.self) {
      try read([0xFF, 0xFF, 0xFF, 0x7F] + Array(repeating: 0, count: 64))
    }
    #expect(throws: CapnProtoError.self) { try read(message(segments: Array(repeating: [0], count: 600))) }
  }

  @Test func textWithoutItsEndOrOfOtherBytesIsRefused() {
    // An envelope whose traceparent is four bytes without a zero, then one that is not UTF-8.
    let unended = [structure(0, 0, 3), 0, list(1, 2, 4), 0, 0x6161_6161]
    #expect(throws: CapnProtoError.self) { try read(message(unended)) }
    let foreign = [structure(0, 0, 3), 0, list(1, 2, 4), 0, 0x00FF_FEFF]
    #expect(throws: CapnProtoError.self) { try read(message(foreign)) }
  }

  /// A chain that comes back to where it began: jobStatus holds a ToolResponse, which holds a jobStatus.
  @Test func aMessageThatPointsAtItselfIsRefusedSoon() {
    var words: [UInt64] = [structure(0, 0, 3), 0, 0, structure(0, 1, 1)]
    words += [24, structure(0, 1, 1)]  // Payload: toolResponse
    words += [7, structure(0, 4, 4)]  // ToolResponse: jobStatus
    words += [0, 0, 0, 0, 0, 0, structure(-9, 1, 1), 0]  // its result: the ToolResponse again
    #expect(throws: CapnProtoError.self) { try read(message(words)) }
  }

  /// A list whose elements take no room may claim half a billion of them in one word.
  @Test func aListOfNothingThatClaimsToBeEndlessIsRefused() {
    let count: UInt64 = (1 << 29) - 1
    // gardenRegions: a composite list whose tag says so many structs of no words.
    let words: [UInt64] = [
      structure(0, 0, 3), 0, 0, structure(0, 1, 1), 24, structure(0, 1, 1), 22, structure(0, 1, 1), 0,
      list(0, 7, 0), UInt64(UInt32(truncatingIfNeeded: count << 2)),
    ]
    #expect(throws: CapnProtoError.self) { try read(message(words)) }
  }

  /// Ten thousand lists of texts that are all the same large one.
  @Test func whatPointersShareIsNotUnfoldedWithoutEnd() {
    let texts = 10_000
    var words: [UInt64] = [
      structure(0, 0, 3), 0, 0, structure(0, 1, 1), 24, structure(0, 1, 1), 50, structure(0, 1, 4), 0,
    ]
    words += [list(3, 6, UInt64(texts)), 0, 0, 0]
    let text = [UInt64](repeating: 0x6161_6161_6161_6161, count: 20_000) + [0x61]
    for index in 0..<texts { words.append(list(texts - index - 1, 2, UInt64(text.count * 8 - 6))) }
    #expect(throws: CapnProtoError.self) { try read(message(words + text)) }
  }

  @Test func bytesOfEveryKindNeverDoHarm() throws {
    var random = SeededRandom(seed: 0x5EED)
    let vectors = Vector.envelopes
    for round in 0..<4000 {
      var body = vectors[round % vectors.count].body
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        body[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = try? read(body)  // Either way is good.
    }
  }

  /// The root in another segment, by a far pointer to a landing pad there.
  @Test func farPointersAreFollowed() throws {
    let plain = Vector.envelopes.first { $0.name == "garden_seek" }
    let body = try #require(plain?.body)
    let words = stride(from: 8, to: body.count, by: 8).map { at in
      (0..<8).reduce(UInt64(0)) { $0 | UInt64(body[at + $1]) << ($1 * 8) }
    }
    let far = try read(message(segments: [[2 | 1 << 32], words]))
    #expect(far == (try read(body)))
  }

  @Test func whatTheSchemaLacksIsNotWritten() throws {
    let schemas = try VectorTests.schemas.get()
    let wrong: [JSONValue] = [
      ["payload": ["tool_response": ["no_such_reply": [:]]]], ["id": ["low": -1]], ["id": ["low": 1.5]],
      ["payload": ["error": ["code": 5]]], ["payload": 3], [],
      ["payload": ["tool_response": ["garden_status": ["state": "dancing"]]]],
    ]
    for value in wrong {
      #expect(throws: CapnProtoError.self, "\(value.text)") { try schemas.write(value, as: .envelope) }
    }
  }

  @Test func everyNumberOf64BitsComesBackAsItWas() throws {
    let schemas = try VectorTests.schemas.get()
    for value in [JSONValue.integer(0), .integer(1 << 53), .integer((1 << 53) + 1), JSONValue(UInt64.max)] {
      let message = try schemas.write(["id": ["low": value, "high": 0]], as: .envelope)
      #expect(try schemas.read(message, as: .envelope)["id"]?["low"] == value)
    }
  }
}

/// A small seeded generator (xorshift), so that a failure can be repeated.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
