import HootWire
import Testing

private func parse(_ text: String) throws -> JSONValue {
  try JSONValue.parse(Array(text.utf8))
}

/// The reason and offset of a refusal; nil when the text is accepted.
private func refusal(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONError? {
  do {
    _ = try JSONValue.parse(bytes, limits: limits)
    return nil
  } catch {
    return error
  }
}

private func refusal(_ text: String) -> JSONError? { refusal(Array(text.utf8)) }

@Suite struct JSONParseTests {
  @Test func integersAndNumbersStayApart() throws {
    #expect(try parse("1") == .integer(1))
    #expect(try parse("1.0") == .number(1))
    #expect(try parse("1e0") == .number(1))
    #expect(try parse("-9223372036854775808") == .integer(.min))
    #expect(try parse("9223372036854775807") == .integer(.max))
    #expect(try parse("9223372036854775808") == .unsigned(9_223_372_036_854_775_808))
    #expect(try parse("18446744073709551615") == .unsigned(.max))
    #expect(try parse("18446744073709551616") == .number(18_446_744_073_709_551_616))
    #expect(try parse("-9223372036854775809") == .number(-9_223_372_036_854_775_808))
    #expect(try parse("1").int == 1)
    #expect(try parse("1").double == 1)
    #expect(try parse("1.0").int == nil)
    #expect(try parse("18446744073709551615").unsignedInt == .max)
    #expect(try parse("-1").unsignedInt == nil)
  }

  @Test func minusZeroKeepsItsSign() throws {
    #expect(try parse("-0").double?.sign == .minus)
    #expect(try parse("-0.0").double?.sign == .minus)
    #expect(try parse("0") == .integer(0))
  }

  @Test func numbersBeyondADoubleAreRefused() throws {
    #expect(refusal("[1e999]") == JSONError(offset: 1, reason: .numberOutOfRange("1e999")))
    #expect(refusal("-1e400")?.reason == .numberOutOfRange("-1e400"))
    #expect(try parse("1e-999") == .number(0))
    #expect(try parse("1.7976931348623157e308") == .number(.greatestFiniteMagnitude))
    let long = String(repeating: "1", count: HootLimits.jsonNumberBytes + 1)
    #expect(refusal(long)?.reason == .numberTooLong(limit: HootLimits.jsonNumberBytes))
  }

  @Test(arguments: [
    "01", "-", "+1", ".5", "1.", "1e", "1e+", "--1", "0x10", "NaN", "Infinity", "1_000", "-01", "1.e5", "00",
  ])
  func aNumberOutsideTheGrammarIsRefused(_ text: String) {
    #expect(refusal(text) != nil)
  }

  @Test(arguments: [
    "", " ", "[", "]", "{", "}", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "tru",
    "True", "nul", "nulll", "'a'", "\"", "\"\\\"", "1 1", "{} {}", "[1]]", "// x\n1", "{\"a\":1 \"b\":2}",
    "\u{feff}1", "{1:2}", "[\u{a0}1]",
  ])
  func textOutsideTheGrammarIsRefused(_ text: String) {
    #expect(refusal(text) != nil)
  }

  @Test func aRefusalSaysWhereAndWhat() {
    #expect(refusal("[1, x]") == JSONError(offset: 4, reason: .unexpected(byte: 0x78, wanted: "a value")))
    #expect(refusal("[1") == JSONError(offset: 2, reason: .truncated(wanted: "a comma or ]")))
    #expect(refusal("[1, x]")?.description == "'x' where a value should stand, at byte 4")
    #expect(refusal("{\"a\":1,\"a\":2}") == JSONError(offset: 7, reason: .duplicateKey("a")))
    #expect(refusal("\"a\nb\"") == JSONError(offset: 2, reason: .controlCharacter(0x0a)))
  }

  @Test func blanksAroundAnythingAreSkipped() throws {
    #expect(try parse(" \t\r\n{ \"a\" : [ 1 , null ] } \n") == ["a": [1, nil]])
  }

  @Test func escapesAreUndone() throws {
    #expect(try parse(#""\"\\\/\b\f\n\r\t""#) == .string("\"\\/\u{8}\u{c}\n\r\t"))
    #expect(try parse(#""\u0041\u00e9\u20AC""#) == .string("Aé€"))
    #expect(try parse(#""\ud83c\udfb5""#) == .string("🎵"))
    #expect(try parse(#""\u0000""#) == .string("\0"))
    #expect(try parse(#""\uDBFF\uDFFF""#) == .string("\u{10ffff}"))
  }

  @Test(arguments: [
    #""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\n""#, #""\ud800\ud800""#, #""\ud800\u0041""#,
  ])
  func halfASurrogatePairIsRefused(_ text: String) {
    #expect(refusal(text) == JSONError(offset: 1, reason: .loneSurrogate))
  }

  @Test(arguments: [#""\x41""#, #""\u12""#, #""\u12g4""#, #""\U0041""#, #""\u 123""#, #""\u+123""#])
  func anUnknownEscapeIsRefused(_ text: String) {
    #expect(refusal(text) != nil)
  }

  @Test(
    arguments: [
      [0xff], [0xc0, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80],
    ] as [[UInt8]])
  func aStringThatIsNotUTF8IsRefused(_ inner: [UInt8]) {
    let text = [UInt8(ascii: "["), UInt8(ascii: "\"")] + inner + [UInt8(ascii: "\""), UInt8(ascii: "]")]
    #expect(refusal(text) == JSONError(offset: 1, reason: .notUTF8))
  }

  @Test func nestingIsReadToItsLimitAndNoDeeper() {
    let deep = HootLimits.jsonDepth
    func nested(_ open: String, _ close: String, _ depth: Int) -> String {
      String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }
    #expect(refusal(nested("[", "]", deep)) == nil)
    #expect(refusal(nested("{\"a\":", "}", deep)) == nil)
    #expect(refusal(nested("[", "]", deep + 1)) == JSONError(offset: deep, reason: .tooDeep(limit: deep)))
    #expect(refusal(String(repeating: "[", count: 1_000_000))?.reason == .tooDeep(limit: deep))
    #expect(refusal(String(repeating: "{\"a\":", count: 100_000))?.reason == .tooDeep(limit: deep))
    // Beside each other, brackets do not add up.
    #expect(refusal("[" + Array(repeating: "[]", count: 200).joined(separator: ",") + "]") == nil)
  }

  @Test func bytesAndValuesHaveLimits() {
    var limits = JSONLimits()
    limits.bytes = 4
    #expect(refusal(Array("1234".utf8), limits: limits) == nil)
    #expect(refusal(Array("12345".utf8), limits: limits)?.reason == .tooLarge(bytes: 5, limit: 4))
    limits = JSONLimits()
    limits.values = 3
    #expect(refusal(Array("[1,2]".utf8), limits: limits) == nil)
    #expect(refusal(Array("[1,2,3]".utf8), limits: limits)?.reason == .tooManyValues(limit: 3))
  }

  @Test func aHostileKeyCannotForgeALine() {
    let error = refusal(#"{"a\nError: all is lost":1,"a\nError: all is lost":2}"#)
    #expect(error?.description.contains("\n") == false)
    let long = String(repeating: "k", count: 10_000)
    #expect((refusal("{\"\(long)\":1,\"\(long)\":2}")?.description.count ?? .max) < 200)
  }

  @Test(arguments: Vector.messages.prefix(8)) func aBodyCutAtAnyByteIsRefused(_ vector: Vector) {
    let body = vector.frames[6]
    for length in 0..<body.count {
      #expect(refusal(Array(body[..<length])) != nil, "cut to \(length) bytes")
    }
  }

  @Test func damagedBodiesAreReadTheSameTwiceOrRefused() throws {
    var random = SeededRandom(seed: 7)
    let alphabet = Array("\"\\{}[]:,0123456789.eE+-unltrfas \u{0}\u{1f}".utf8) + [0x80, 0xc3, 0xff]
    var accepted = 0
    for round in 0..<6000 {
      var body = Vector.messages[round % Vector.messages.count].frames[6]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<body.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: body.remove(at: index)
        case 1: body[index] = alphabet.randomElement(using: &random) ?? 0
        default: body.insert(alphabet.randomElement(using: &random) ?? 0, at: index)
        }
      }
      guard refusal(body) == nil else { continue }
      accepted += 1
      let value = try JSONValue.parse(body)
      #expect(try JSONValue.parse(value.encode()) == value)
    }
    #expect(accepted > 0 && accepted < 6000)
  }
}
