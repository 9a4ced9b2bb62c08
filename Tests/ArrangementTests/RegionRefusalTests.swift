import FoundationEssentials
import MusicalTime
import Testing

@testable import Arrangement

/// Regions that cannot be: each is refused when it is placed, and when a placed one is changed into it.
struct RegionRefusalTests {
  private func check(
    _ kind: ArrangementError.Kind, _ clip: KeyPath<Scene, Clip>, _ shape: (inout Region) -> Void,
    location: SourceLocation = #_sourceLocation
  ) throws {
    var scene = try Scene()
    let placing = scene.refusal { s in try s.add(s[keyPath: clip], shape) }
    #expect(placing?.kind == kind, sourceLocation: location)
    var changed = try scene.add(scene[keyPath: clip])
    shape(&changed)
    for keepsLength in [true, false] {
      let changing = scene.refusal { s in
        try s.timeline.updateRegion(changed, keepsLength: keepsLength)
      }
      #expect(changing?.kind == kind, sourceLocation: location)
    }
  }

  @Test(arguments: [-120.1, 24.1, .infinity, -.infinity, .nan])
  func gainsOutOfRange(gain: Double) throws { try check(.outOfRange, \.riff) { $0.gainDB = gain } }

  @Test(arguments: [-0.001, 600.1, .infinity, .nan])
  func fadesOutOfRange(seconds: Double) throws {
    try check(.outOfRange, \.take) { $0.fadeInSeconds = seconds }
    try check(.outOfRange, \.take) { $0.fadeOutSeconds = seconds }
  }

  @Test(arguments: [0, -1, 10_001, .max, .min])
  func loopCountsOutOfRange(loops: Int) throws {
    try check(.outOfRange, \.riff) { $0.loops = loops }
    try check(.outOfRange, \.take) { $0.loops = loops }
  }

  @Test(arguments: [0, -1, 4.001, .infinity, .nan])
  func velocityScalesOutOfRange(scale: Double) throws {
    try check(.outOfRange, \.riff) { $0.velocityScale = scale }
  }

  @Test func numbersOfMIDIOutOfRange() throws {
    for number in [-49, 49, .max, .min] { try check(.outOfRange, \.riff) { $0.transpose = number } }
    for number in [0, 17, -1, .max] { try check(.outOfRange, \.riff) { $0.channel = number } }
    for number in [-1, 16_384, .max] { try check(.outOfRange, \.riff) { $0.bank = number } }
    for number in [-1, 128, .min] { try check(.outOfRange, \.riff) { $0.program = number } }
  }

  @Test func offsetsOutsideTheClip() throws {
    for ticks in [-1, 3_840, .max, .min] as [Tick] {
      try check(.outOfRange, \.riff) { $0.offsetTicks = ticks }
    }
    for seconds in [-0.001, 3, 1e300, .infinity, -.infinity, .nan] {
      try check(.outOfRange, \.take) { $0.offsetSeconds = seconds }
    }
    for skip in [-1, .max, .min] as [Int64] {
      try check(.outOfRange, \.riff) { $0.skipTicks = skip }
      try check(.outOfRange, \.take) { $0.skipFrames = skip }
    }
  }

  @Test func placesOutsideTheTimeline() throws {
    for start in [-1, TimeLimits.maximumTick + 1, .max, .min] as [Tick] {
      try check(.outOfRange, \.riff) { $0.start = start }
      try check(.outOfRange, \.take) { $0.start = start }
    }
    var scene = try Scene()
    for length in [-1, TimeLimits.maximumTick + 1, .max, .min] as [Tick] {
      let error = scene.refusal { s in try s.add(s.riff, length: length) }
      #expect(error?.kind == .outOfRange)
    }
    let last = TimeLimits.maximumTick - 3_840
    #expect(
      scene.refusal { s in try s.add(s.riff, at: last + 1) }?.kind == .outOfRange)
    #expect(try scene.add(scene.riff, at: last).end == TimeLimits.maximumTick)
  }

  @Test func theLimitsThemselvesAreAllowed() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff) {
      ($0.gainDB, $0.loops, $0.fadeInSeconds, $0.fadeOutSeconds) = (24, 10_000, 600, 600)
      ($0.transpose, $0.channel, $0.bank, $0.program) = (-48, 16, 16_383, 127)
      ($0.velocityScale, $0.offsetTicks) = (4, 3_839)
    }
    #expect(region.length == 10_000)
  }

  @Test(arguments: [
    "", " ", "\t", "a\nb", "a\u{0}b", "\u{7F}", "a\u{9B}31m", "a\u{1B}[2J", "a\u{2028}b", "\u{202E}abc",
    "\u{200B}", "\u{A0}",
    String(repeating: "x", count: 201), "e" + String(repeating: "\u{301}", count: 1_000),
  ])
  func namesThatAreNone(name: String) throws {
    try check(.badName, \.riff) { $0.name = name }
    var scene = try Scene()
    #expect(
      scene.refusal { s in try s.timeline.addTrack(name: name) }?.kind == .badName)
    #expect(
      scene.refusal { s in try s.timeline.addMarker(name: name, at: 0) }?.kind
        == .badName)
  }

  @Test(arguments: [
    "x", "my riff", "Größe", "日本", "👩‍👩‍👧", " a ", "-", "5:1", String(repeating: "x", count: 200),
  ])
  func namesThatAreOne(name: String) throws {
    var scene = try Scene()
    #expect(try scene.add(scene.riff, name: name).name == name)
    #expect(try scene.timeline.region(name).name == name)
  }

  @Test func aTrackThatIsNotThere() throws {
    try check(.unknownTrack, \.riff) { $0.track = UUID() }
  }

  @Test func clipsWithImpossibleNumbers() throws {
    var scene = try Scene()
    func clip(_ kind: Clip.Kind, ticks: Int64 = 0, frames: Int64 = 0, rate: Double = 48_000) -> Clip {
      Clip(
        path: "/c", kind: kind, lengthTicks: ticks, frames: frames, sampleRate: rate, fileBytes: 0,
        fileTime: 0)
    }
    for bad in [
      clip(.midi, ticks: -1), clip(.midi, ticks: .max), clip(.audio, frames: -1), clip(.audio, frames: .max),
      clip(.audio, frames: 10, rate: 0), clip(.audio, frames: 10, rate: -.infinity),
      clip(.audio, frames: 10, rate: .nan),
      clip(.audio),
    ] {
      #expect(scene.refusal { s in try s.add(bad) }?.kind == .outOfRange)
    }
    #expect(try scene.add(clip(.midi)).length == 1, "a file without notes still has a place")
  }

  @Test func messagesAreOneLineWhateverTheyName() throws {
    var scene = try Scene()
    let error = scene.refusal { s in try s.timeline.region("a\n\u{1B}[2Jb") }
    #expect(error?.lines[0] == "there is no region \"a\\n\\u{1b}[2Jb\"")
    let track = scene.refusal { s in try s.timeline.track("my lead; rm -rf ~") }
    #expect(track?.lines[2] == "garden track add 'my lead; rm -rf ~'")
  }
}
