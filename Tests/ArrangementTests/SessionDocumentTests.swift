import Foundation
import MusicalTime
import Testing

@testable import Arrangement

/// A session written and read, and documents that are none.
struct SessionDocumentTests {
  private func session() throws -> SessionDocument {
    var scene = try Scene([TempoChange(tick: 0, bpm: 90), TempoChange(tick: 960, bpm: 120.5, rampTicks: 480)])
    var track = scene.track
    (track.soundfont, track.pan, track.isMuted) = ("/fonts/a.sf2", 0.25, true)
    try scene.timeline.updateTrack(track)
    let region = try scene.add(scene.riff) {
      ($0.loops, $0.bank, $0.curve, $0.fadeInSeconds) = (2, 128, .exponential, 0.1)
    }
    _ = try scene.timeline.split(region, at: 1_000)
    try scene.add(scene.take, at: 5_000, name: "Übung \"zwei\"") { $0.offsetSeconds = 1.1 }
    try scene.timeline.addMarker(name: "start", at: 960)
    scene.timeline.setMasterGain(-3)
    return SessionDocument(scene.timeline, soundfont: "default", effects: true, limiter: false, voices: 256)
  }

  /// The document's JSON with something changed in it.
  private func changed(_ change: (inout [String: Any]) throws -> Void) throws -> [UInt8] {
    let json = try JSONSerialization.jsonObject(with: Data(session().encode()))
    var object = try #require(json as? [String: Any])
    try change(&object)
    return [UInt8](try JSONSerialization.data(withJSONObject: object))
  }

  /// The same, of one element of a list.
  private func changed(_ list: String, _ index: Int = 0, _ key: String, _ value: Any?) throws -> [UInt8] {
    try changed { object in
      var elements = try #require(object[list] as? [[String: Any]])
      elements[index][key] = value
      object[list] = elements
    }
  }

  private func refusal(_ bytes: [UInt8]) -> [String]? {
    do {
      _ = try SessionDocument.decode(bytes).timeline()
      return nil
    } catch let error as ArrangementError {
      return error.lines
    } catch let error as TempoMapError {
      return error.lines
    } catch {
      return ["\(error)"]
    }
  }

  @Test func aSessionComesBackAsItWas() throws {
    let document = try session()
    let again = try SessionDocument.decode(document.encode())
    #expect(again == document)
    let timeline = try again.timeline()
    #expect(
      SessionDocument(timeline, soundfont: "default", effects: true, limiter: false, voices: 256) == document)
    #expect(timeline.regions.count == 3 && timeline.masterGainDB == -3 && timeline.startTick == 960)
    #expect(timeline.nextKey == (timeline.regions.map(\.key).max() ?? 0) + 1)
  }

  @Test(arguments: [true, false]) func theLoopComesBackInUseOrNot(isOn: Bool) throws {
    var scene = try Scene()
    try scene.timeline.setLoop(960..<4_800, minimumSeconds: 0.02)
    try scene.timeline.setLooping(isOn)
    let document = SessionDocument(
      scene.timeline, soundfont: "default", effects: true, limiter: true, voices: 256)
    let timeline = try SessionDocument.decode(document.encode()).timeline()
    #expect(timeline.loop == 960..<4_800 && timeline.isLooping == isOn)
  }

  @Test func aDocumentOfBeforeLoopsWereKeptIsReadAndABrokenLoopIsRefused() throws {
    #expect(refusal(try changed { $0["loop"] = nil }) == nil)
    for (start, end) in [(5, 5), (6, 5), (-1, 5), (0, 1 << 40)] {
      let lines = refusal(try changed { $0["loop"] = ["start": start, "end": end, "on": true] })
      #expect(lines?.count == 3, "\(start) to \(end)")
    }
  }

  @Test func theSameSessionIsTheSameBytes() throws {
    let document = try session()
    #expect(try document.encode() == SessionDocument.decode(document.encode()).encode())
  }

  @Test(arguments: [
    "", " ", "[]", "null", "{", "{}", "\"chaosgarden.session/1\"", "MThd",
    "{\"schema\":\"chaosgarden.session/1\"}",
    "\u{FEFF}", String(repeating: "[", count: 100_000),
    "{\"schema\":" + String(repeating: "9", count: 10_000) + "}",
  ])
  func whatIsNoSessionIsRefused(text: String) {
    let error = #expect(throws: ArrangementError.self) { try SessionDocument.decode(Array(text.utf8)) }
    #expect(error?.kind == .wrongKind && error?.lines.allSatisfy { $0.count < 200 } == true)
  }

  @Test func bytesThatAreNoTextAreRefused() {
    #expect(throws: ArrangementError.self) { try SessionDocument.decode([0xFF, 0xFE, 0x00, 0xD8]) }
  }

  @Test func aSchemaOfAnotherTimeIsNamed() throws {
    let bytes = try changed { $0["schema"] = "chaosgarden.session/2\n" }
    #expect(refusal(bytes)?[1] == "its schema is chaosgarden.session/2\\n, not chaosgarden.session/1")
  }

  @Test func whatIsMissingOrOfTheWrongTypeIsNamedByItsPlace() throws {
    #expect(refusal(try changed { $0["regions"] = nil })?[1] == "regions is missing")
    #expect(refusal(try changed { $0["voices"] = "many" })?[1] == "voices is of the wrong type")
    #expect(
      refusal(try changed("regions", 1, "start", "soon"))?[1] == "regions[1].start is of the wrong type")
    #expect(refusal(try changed("tracks", 0, "name", nil))?[1] == "tracks[0].name is missing")
    #expect(refusal(try changed("regions", 0, "id", "1234"))?[1].hasPrefix("regions[0].id ") == true)
    #expect(refusal(try changed("regions", 0, "curve", "wavy"))?[1].hasPrefix("regions[0].curve ") == true)
    #expect(
      refusal(try changed("regions", 0, "start", 0.5))?[1]
        == "it is not JSON, or a number in it is none that can stand there")
  }

  /// Numbers that fit the type and not the timeline.
  @Test func numbersOutOfRangeAreRefused() throws {
    let numbers: [(String, String, [Any])] = [
      ("regions", "start", [-1, Int64.max, Int64.min]), ("regions", "length", [0, -5, Int64.max]),
      ("regions", "loops", [0, 10_001, Int64.max]), ("regions", "gainDB", [25, -1e300]),
      ("regions", "fadeInSeconds", [-1, 1e300]), ("regions", "velocityScale", [0, 1e300]),
      ("regions", "transpose", [49, Int64.min]), ("regions", "channel", [0, 17, 1 << 40]),
      ("regions", "bank", [-1, 1 << 40]), ("regions", "program", [-1, 128]),
      ("regions", "key", [0, UInt64.max]),
      ("regions", "offsetTicks", [-1, 3_840, Int64.max]), ("regions", "skipTicks", [-1, Int64.max]),
      ("regions", "skipFrames", [-1, Int64.max]), ("regions", "offsetSeconds", [-1, 1e300]),
      ("tracks", "slot", [-1, 64, Int64.max]), ("tracks", "gainDB", [25]), ("tracks", "pan", [-2]),
      ("tracks", "polyphony", [0, 1 << 40]), ("markers", "tick", [-1, Int64.max]),
      ("clips", "lengthTicks", [-1, Int64.max]), ("clips", "frames", [-1, Int64.max]),
      ("tempos", "tick", [-1, Int64.max]), ("tempos", "bpm", [0, 1e300]),
      ("tempos", "rampTicks", [-1, Int64.max]),
      ("signatures", "numerator", [0, Int64.max]), ("signatures", "denominator", [0, 3, Int64.min]),
    ]
    for (list, key, values) in numbers {
      for value in values {
        #expect(refusal(try changed(list, 0, key, value)) != nil, "\(list).\(key) = \(value)")
      }
    }
    for value in [0, -48_000, 1e300] { #expect(refusal(try changed { $0["sampleRate"] = value }) != nil) }
    for value in [13, -1e300] { #expect(refusal(try changed { $0["masterGainDB"] = value }) != nil) }
  }

  @Test func numbersThatNoTypeHoldsAreRefused() throws {
    let text = String(decoding: try session().encode(), as: UTF8.self)
    for (number, huge) in [("\"voices\":256", "99999999999999999999"), ("\"masterGainDB\":-3", "1e999")] {
      let name = try #require(number.split(separator: ":").first)
      let bytes = Array(text.replacingOccurrences(of: number, with: "\(name):\(huge)").utf8)
      #expect(bytes.count != text.utf8.count && refusal(bytes) != nil)
    }
    #expect(
      refusal(Array(text.replacingOccurrences(of: "\"masterGainDB\":-3", with: "\"masterGainDB\":NaN").utf8))
        != nil)
  }

  @Test func namesAreCheckedAsIfTyped() throws {
    for list in ["regions", "tracks", "markers"] {
      for name in ["", "a\nb", String(repeating: "x", count: 201)] {
        #expect(refusal(try changed(list, 0, "name", name)) != nil)
      }
    }
    #expect(refusal(try changed("tracks", 0, "name", "master")) != nil)
  }

  @Test func whatIsNotInTheDocumentCannotBeNamed() throws {
    let stranger = UUID().uuidString
    #expect(refusal(try changed("regions", 0, "clip", stranger)) != nil)
    #expect(refusal(try changed("regions", 0, "track", stranger)) != nil)
  }

  @Test(arguments: ["tracks", "clips", "regions", "markers"])
  func nothingMayBeThereTwice(list: String) throws {
    let bytes = try changed { object in
      let elements = try #require(object[list] as? [[String: Any]])
      object[list] = elements + [elements[0]]
    }
    #expect(refusal(bytes) != nil)
  }

  @Test func everyTrackHasASlotAndANameOfItsOwn() throws {
    func second(_ change: (inout [String: Any]) -> Void) throws -> [UInt8] {
      try changed { object in
        var tracks = try #require(object["tracks"] as? [[String: Any]])
        var track = tracks[0]
        (track["id"], track["slot"], track["name"]) = (UUID().uuidString, 5, "bass")
        change(&track)
        tracks.append(track)
        object["tracks"] = tracks
      }
    }
    #expect(refusal(try second { _ in }) == nil)
    #expect(refusal(try second { $0["slot"] = 0 })?[1] == "each track needs a slot of its own, 0 to 63")
    #expect(
      refusal(try second { $0["name"] = "lead" })?[1] == "track names are unique, and none is \"master\"")
  }

  @Test func moreRegionsThanATimelineHoldsAreRefused() throws {
    var document = try session()
    let region = document.regions[0]
    document.regions = (0...ArrangementLimits.regions).map { number in
      var copy = region
      (copy.id, copy.key) = (UUID(), UInt64(number) + 1)
      return copy
    }
    let error = #expect(throws: ArrangementError.self) { try document.timeline() }
    #expect(error?.kind == .full)
    document.regions.removeLast()
    #expect(try document.timeline().regions.count == ArrangementLimits.regions)
  }

  @Test func clipsThatNoRegionPlaysAreLeftOut() throws {
    var document = try session()
    document.regions.removeAll { $0.name.hasPrefix("riff") }
    #expect(try document.timeline().clips.count == 1)
  }
}
