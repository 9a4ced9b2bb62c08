import HootWire
import Testing

@Suite struct JSONEncodeTests {
  @Test func numbersAreTheShortestThatReadBack() {
    let cases: [(Double, String)] = [
      (0.1, "0.1"), (4, "4.0"), (-0.0, "-0.0"), (120, "120.0"), (1e-7, "1e-7"), (1e16, "1e16"),
      (.leastNonzeroMagnitude, "5e-324"), (.greatestFiniteMagnitude, "1.7976931348623157e308"),
      (.nan, "null"),
      (.infinity, "null"), (-.infinity, "null"),
    ]
    for (value, text) in cases { #expect(JSONValue.number(value).text == text) }
    #expect(JSONValue(Float(0.8)).text == "0.8")
    #expect(JSONValue(Float.nan).text == "null")
    #expect(JSONValue(Float.greatestFiniteMagnitude).text == "3.4028235e38")
  }

  @Test func everyDoubleReadsBackTheSame() throws {
    var random = SeededRandom(seed: 3)
    for _ in 0..<5000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      let back = try JSONValue.parse(JSONValue.number(value).encode())
      guard case .number(let read) = back else {
        Issue.record("\(value) was read back as \(back.kind)")
        continue
      }
      #expect(read.bitPattern == value.bitPattern)
    }
  }

  @Test func allBitsOfAnIntegerAreKept() {
    #expect(JSONValue(UInt64.max).text == "18446744073709551615")
    #expect(JSONValue.integer(.min).text == "-9223372036854775808")
    #expect(JSONValue(UInt64(5)) == .integer(5))
  }

  @Test func stringsAreEscapedAsPeersDo() {
    #expect(
      JSONValue.string("\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}é🎵").text
        == #""\"\\/\b\f\n\r\t\u0001\u001f"# + "\u{7f}é🎵\"")
  }

  @Test func membersKeepTheirOrderButEqualityDoesNotLookAtIt() throws {
    let value: JSONValue = ["type": "ok", "b": 1, "a": [nil, true, 2.5]]
    #expect(value.text == #"{"type":"ok","b":1,"a":[null,true,2.5]}"#)
    let other = try JSONValue.parse(Array(#"{"a":[null,true,2.5],"b":1,"type":"ok"}"#.utf8))
    #expect(value == other)
    #expect(other.object?.members.map(\.key) == ["a", "b", "type"])
    #expect(value != ["type": "ok", "b": 1.0, "a": [nil, true, 2.5]])
    #expect(value != ["type": "ok", "b": 1])
  }

  @Test func aMemberCanBeSetReplacedAndTakenAway() {
    var object = JSONObject()
    object["a"] = 1
    object["b"] = 2
    object["a"] = 3
    #expect(JSONValue.object(object).text == #"{"a":3,"b":2}"#)
    object["a"] = JSONValue?.none
    #expect(JSONValue.object(object).text == #"{"b":2}"#)
    #expect(JSONValue.object(object)["b"]?.int == 2)
    #expect(JSONValue.integer(1)["b"] == nil)
  }

  @Test func `A text that is said stays one line, as it is where it is plain`() {
    #expect(said("GardenGraph") == "GardenGraph")
    #expect(said("a\u{7F}\"b\n") == #"a\u007f\"b\n"#)
    #expect(said(String(repeating: "x", count: 1000)).count == HootLimits.quotedCharacters + 1)
    #expect("Ein schöner Satz".onOneLine == "Ein schöner Satz")
    #expect("a\nb\u{1B}[2J\u{85}\u{2028}".onOneLine == #"a\u000ab\u001b[2J\u0085\u2028"#)
  }

  @Test func foreignTextInAMessageIsCutAndOnOneLine() {
    #expect(quoted("a\nb") == #""a\nb""#)
    #expect(quoted(String(repeating: "x", count: 1000)).count == HootLimits.quotedCharacters + 3)
  }
}
