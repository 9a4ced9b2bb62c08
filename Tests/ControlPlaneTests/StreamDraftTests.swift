import HootWire
import Jobs
import Media
import MusicalTime
import Testing

@testable import ControlPlane

/// Parts of results come in any order, twice, cut, or as nonsense.
@Suite struct StreamDraftTests {
  private static func notes(_ number: Int, _ starts: [Double], beats: Double? = nil) -> HostChunk {
    let list = starts.map { "{\"pitch\":\(60 + Int($0)),\"start\":\($0),\"duration\":0.5}" }
    let end = beats.map { ",\"beats\":\($0)" } ?? ""
    return HostChunk(
      sequence: number, type: "application/json",
      bytes: Array("{\"notes\":[\(list.joined(separator: ","))]\(end)}".utf8))
  }

  private static func sound(_ number: Int, frames: Int, offset: Double? = nil, rate: Int = 48_000)
    -> HostChunk
  {
    let bytes = (0..<frames).flatMap { index -> [UInt8] in
      let sample = Int16(truncatingIfNeeded: number * 1000 + index % 100)
      return [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
    }
    return HostChunk(
      sequence: number, type: "audio/pcm;rate=\(rate);channels=1;format=s16le", bytes: bytes, offset: offset)
  }

  private func events(_ news: GrowthNews?) -> Int {
    if case .music(_, _, let events)? = news?.content { events } else { -1 }
  }

  @Test func `[D65] The first part is there to be played before the second has come`() {
    let news = StreamDraft(sampleRate: 48_000).take(Self.notes(0, [0, 1, 2], beats: 4))
    guard case .music(let clip, let length, let events)? = news.content else {
      Issue.record("\(news)")
      return
    }
    #expect(clip.count == 6 && events == 6 && length == 4 * 960 && news.tally.used == 1)
  }

  @Test func `[R29] Parts in any order, and each as often as may be, come to the same`() throws {
    let parts = (0..<8).map { Self.notes($0, [Double($0), Double($0) + 0.5], beats: Double($0 + 1)) }
    var state: UInt64 = 7
    for _ in 0..<50 {
      var order = parts + [parts[3], parts[0]]
      for index in order.indices.reversed() {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        order.swapAt(index, Int(state >> 33) % (index + 1))
      }
      let draft = StreamDraft(sampleRate: 48_000)
      var last: GrowthNews?
      var length: GrownLength?
      for part in order {
        last = draft.take(part)
        if let content = last?.content { length = content.length }
      }
      #expect(last?.tally.used == 8 && last?.tally.repeated == 2 && last?.tally.lost == 0)
      #expect(length == .ticks(8 * 960))
    }
  }

  @Test func `A number that never comes is given up when so many wait behind it`() {
    let draft = StreamDraft(sampleRate: 48_000)
    var news = draft.take(Self.notes(1, [1], beats: 2))
    #expect(news.content == nil)
    for number in 2...GrowthLimits.reordered { news = draft.take(Self.notes(number, [Double(number)])) }
    #expect(news.content == nil && news.tally.lost == 0)
    news = draft.take(Self.notes(GrowthLimits.reordered + 1, [40]))
    #expect(events(news) == 2 * (GrowthLimits.reordered + 1) && news.tally.lost == 1)
    #expect(draft.take(Self.notes(0, [0])).tally.repeated == 1)
  }

  @Test func `Sound is put where it says, once, with silence where nothing came`() throws {
    let draft = StreamDraft(sampleRate: 48_000)
    _ = draft.take(Self.sound(0, frames: 1000))
    // A hundred frames again, and nine hundred more.
    _ = draft.take(Self.sound(1, frames: 1000, offset: 900))
    let news = draft.take(Self.sound(2, frames: 10, offset: 2900))
    guard case .sound(let sound)? = news.content else {
      Issue.record("\(news)")
      return
    }
    #expect(sound.frames == 2910 && news.tally.holes == 1000)
    func full(_ value: Int) -> Float { Float(value) / 32_768 }
    #expect(sound.left[999] == full(99) && sound.left[1000] == full(1000))
    #expect(sound.left[1899] == full(1099))
    #expect(sound.left[1900] == 0 && sound.left[2899] == 0 && sound.left[2900] == full(2000))
    #expect(draft.take(Self.sound(3, frames: 10, offset: 5)).fault == "all of it is there already")
    #expect(
      draft.take(Self.sound(4, frames: 10, rate: 44_100)).fault?.hasPrefix("it has 1 channels at 44100")
        == true)
    #expect(draft.take(Self.notes(5, [0])).fault == "it is music, and what came before was sound")
  }

  @Test func `Sound at another rate comes at the session's, in step`() throws {
    let draft = StreamDraft(sampleRate: 48_000)
    var frames: Int64 = 0
    for number in 0..<10 {
      let news = draft.take(Self.sound(number, frames: 16_000, rate: 32_000))
      if case .sound(let sound)? = news.content { frames = sound.frames }
    }
    // 5 seconds, but for what the filter keeps back.
    #expect((236_000...240_000).contains(frames), "\(frames)")
  }

  @Test func `What is there stays where it is while more comes`() throws {
    let draft = StreamDraft(sampleRate: 48_000)
    var first: GrownSound?
    for number in 0..<40 {
      guard case .sound(let sound)? = draft.take(Self.sound(number, frames: 20_000)).content else { continue }
      first = first ?? sound
      let value = Float(Int16(truncatingIfNeeded: number * 1000)) / 32_768
      #expect(sound.frames == Int64(number + 1) * 20_000 && sound.left[20_000 * number] == value)
    }
    #expect(first?.frames == 20_000 && first?.left[99] == Float(99) / 32_768)
  }

  @Test(arguments: [
    ("application/json", "{}", "it is neither sound, a MIDI file, nor notes"),
    ("application/json", "{\"notes\":[{\"pitch\":128,\"start\":0,\"duration\":1}]}", "its note 1 has no"),
    (
      "application/json", "{\"notes\":[{\"pitch\":60,\"start\":-1,\"duration\":1}]}",
      "it begins at -1.0 beats"
    ),
    (
      "application/json", "{\"notes\":[{\"pitch\":60,\"start\":1e300,\"duration\":1}]}", "it begins at 1e+300"
    ),
    ("audio/midi", "MThd", "it is no MIDI file"), ("audio/wav", "RIFF", "it is no WAV file"),
    ("audio/wav", "RIFF....WAVEfmt \u{1}\u{0}\u{0}\u{0}", "its format is cut off"),
    ("audio/pcm;rate=48000", "abc", "it has 3 bytes, and a frame has 2"),
    ("audio/pcm;rate=99999999999999999999", "ab", "its type says no rate"),
    ("audio/pcm;rate=1", "ab", "its rate is 1 Hz"),
    ("audio/L16;rate=8000;channels=9", "ab", "it has 9 channels"),
    ("text/plain", "la la", "its type is \"text/plain\""), ("", "", "it is empty"),
  ])
  func `[D67] What is nonsense is refused in words, and what comes behind it is used`(
    type: String, text: String, why: String
  ) {
    let draft = StreamDraft(sampleRate: 48_000)
    let news = draft.take(HostChunk(sequence: 0, type: type, bytes: Array(text.utf8)))
    #expect(news.fault?.hasPrefix(why) == true, "\(news.fault ?? "")")
    #expect(news.tally.unused == 1 && news.content == nil)
    #expect(events(draft.take(Self.notes(1, [0]))) == 2)
  }

  @Test func `Numbers, places and lengths beyond the limits are refused`() {
    let draft = StreamDraft(sampleRate: 48_000)
    #expect(draft.take(Self.notes(.max, [0])).fault != nil && draft.take(Self.notes(-1, [0])).fault != nil)
    #expect(draft.take(Self.notes(0, [20_000])).fault != nil)
    #expect(draft.take(Self.notes(1, [0], beats: 1e9)).fault != nil)
    #expect(
      draft.take(Self.sound(2, frames: 10, offset: 1e11)).fault?.hasPrefix("it ends after 600 s") == true)
    #expect(draft.take(Self.sound(3, frames: 10, offset: .nan)).fault != nil)
    let news = draft.take(Self.sound(4, frames: 10))
    #expect(news.fault == nil && news.tally.unused == 6 && news.tally.used == 1)
  }

  @Test func `Notes of one key do not end each other`() {
    let draft = StreamDraft(sampleRate: 48_000)
    _ = draft.take(Self.notes(0, [0, 1]))
    let news = draft.take(Self.notes(1, [0, 1.25, 2]))
    #expect(news.tally.overlapping == 2 && events(news) == 6)
  }
}
