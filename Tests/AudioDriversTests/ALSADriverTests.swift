import CPacedCard
import Glibc
import RealtimeEngine
import Testing

@testable import AudioDrivers

/// A card that ALSA opens by name and that the test turns the knobs of.
final class PacedCard {
  let path: String
  private let card: OpaquePointer

  /// - Parameter period: the only one it knows; 0 for any.
  init(formats: String = "i", channels: Int = 2, period: Int = 0, mapped: Bool = true) throws {
    let folder = "/tmp/garden-card-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try #require(mkdir(folder, 0o700) == 0)
    path = folder
    card = try #require(paced_map("\(folder)/card", true))
    paced_set_terms(card, formats, Int32(channels), Int32(period), mapped)
    try Self.write(
      """
      </usr/share/alsa/alsa.conf>
      pcm_type.paced { lib "\(Self.library)" }
      pcm.paced { type paced control "\(folder)/card" }
      pcm.kept { type file slave.pcm "null" file "\(folder)/kept.raw" format "raw" }
      """, to: "\(folder)/asound.conf")
    setenv("ALSA_CONFIG_PATH", "\(folder)/asound.conf", 1)
  }

  deinit {
    paced_unmap(card)
    for file in ["card", "asound.conf", "kept.raw"] { unlink("\(path)/\(file)") }
    rmdir(path)
  }

  /// The plug-in is built beside the tests.
  static var library: String {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &bytes, bytes.count - 1)
    let own = String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return folder.joined(separator: "/") + "/libPacedCard.so"
  }

  private static func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
  }

  func underrun() { paced_set(card, PACED_UNDERRUN) }
  func suspend() { paced_set(card, PACED_SUSPEND) }
  func pull() { paced_set_gone(card, true) }
  func putBack() { paced_set_gone(card, false) }
  func drift(_ partsPerMillion: Int) { paced_set_drift(card, Int32(partsPerMillion)) }
  var heard: Int { Int(paced_heard(card)) }
  var opened: Int { Int(paced_opened(card)) }
  var isOpen: Bool { paced_is_open(card) }

  /// What one side of the main pair has played.
  func played(_ channel: Int) -> [Float] {
    let count = min(Int(paced_played(card)), Int(PACED_FRAMES))
    let samples = paced_samples(card)
    return (0..<count).map { samples[2 * $0 + channel] }
  }
}

/// The library that ALSA loads is one, and so is the configuration of this process.
@Suite(.serialized) struct ALSADriverTests {
  /// Counts in steps that 24 bits hold exactly.
  private let renderer = CountingRenderer(scale: 1 / 8_388_607)

  private func keeper(_ device: String = "pcm:paced", period: Int = 256) throws -> ClockKeeper {
    var wishes = DriverWishes()
    wishes.device = device
    wishes.period = period
    let keeper = try ClockKeeper("alsa", wishes)
    try keeper.start(renderer.entry)
    return keeper
  }

  private func isPlaying(_ keeper: ClockKeeper) -> Bool {
    keeper.status().name == "alsa" && keeper.status().keeper?.isKeeping == false
  }

  /// The counts on the left that are heard after one another, up to the first that is not the next.
  private func run(_ samples: [Float], full: Float = 8_388_607) -> [Int] {
    var counts: [Int] = []
    for sample in samples.drop(while: { $0 == 0 }) {
      let count = Int((sample * full).rounded())
      if let last = counts.last, count != last + 1 { break }
      counts.append(count)
    }
    return counts
  }

  @Test(arguments: ["i", "3", "f"], [true, false])
  func `What is rendered is what the card plays, in every format`(format: String, mapped: Bool) throws {
    // A machine that is busy lets a card run dry; then there is nothing to compare.
    for _ in 0..<5 {
      let card = try PacedCard(formats: format, mapped: mapped)
      let driver = try ALSADriver(device: "pcm:paced")
      let renderer = CountingRenderer(scale: 1 / 8_388_607)
      try driver.start(renderer.entry)
      #expect(eventually { card.played(0).count > 6_000 || driver.status().xruns > 0 })
      driver.stop()
      #expect(!card.isOpen)
      let status = driver.status()
      let word = ["i": "S32_LE", "3": "S24_3LE", "f": "FLOAT_LE"][format] ?? ""
      #expect(
        status.device == "card 'pcm:paced', 2 channels, \(word), 2 × 256 frames\(mapped ? ", mapped" : "")")
      #expect(status.outputs == 2)
      guard status.xruns == 0 else { continue }
      let left = run(card.played(0))
      #expect(left.first == 1)
      #expect(left.count > 5_000)
      #expect(run(card.played(1).map { -$0 }).first == 1)
      #expect(renderer.faults == 0)
      return
    }
  }

  @Test func `The widest format comes first, and sixteen bits are rounded`() throws {
    let card = try PacedCard(formats: "fs3i")
    #expect(try ALSADriver(device: "pcm:paced").status().device.contains("S32_LE"))
    _ = card.path
    let narrow = try PacedCard(formats: "s")
    let driver = try ALSADriver(device: "pcm:paced")
    let renderer = CountingRenderer(scale: 1 / 65_536)
    try driver.start(renderer.entry)
    #expect(eventually { narrow.played(0).count > 4_000 })
    driver.stop()
    for (index, sample) in narrow.played(0).drop(while: { $0 == 0 }).prefix(1_000).enumerated() {
      // The first half step is rounded away, so that what is heard first is the second.
      #expect(abs(sample - Float(index + 1) / 65_536) <= 1.01 / 32_767)
    }
  }

  @Test func `The card's own period is believed, and what it has more of channels is silent`() throws {
    let card = try PacedCard(channels: 6, period: 480)
    let keeper = try keeper()
    #expect(eventually { isPlaying(keeper) })
    #expect(keeper.status().period == 480)
    #expect(keeper.status().device.contains("6 channels"))
    #expect(keeper.status().outputs == 5)
    keeper.stop()
    #expect(!card.isOpen)
  }

  @Test func `A card that runs dry goes on with the same stream, and the timeline with the clock`() throws {
    let card = try PacedCard()
    let keeper = try keeper()
    #expect(eventually { isPlaying(keeper) })
    for round in 1...5 {
      let before = keeper.status().xrunCauses.device
      let played = card.played(0).count
      card.underrun()
      #expect(eventually { keeper.status().xrunCauses.device > before }, "round \(round)")
      #expect(eventually { card.played(0).count > played + 2_000 && isPlaying(keeper) }, "round \(round)")
    }
    let status = keeper.status()
    #expect(card.opened == 1)
    #expect(status.xrunCauses.device >= 5)
    #expect(status.keeper?.worstFramesOff == 0)
    #expect(status.keeper?.losses == 0)
    keeper.stop()
    #expect(renderer.faults == 0)
  }

  @Test func `A card that was suspended goes on with the same stream`() throws {
    let card = try PacedCard()
    let keeper = try keeper()
    #expect(eventually { isPlaying(keeper) })
    let played = card.played(0).count
    card.suspend()
    #expect(eventually { card.played(0).count > played + 2_000 && isPlaying(keeper) })
    #expect(card.opened == 1)
    #expect(keeper.status().keeper?.worstFramesOff == 0)
    keeper.stop()
  }

  @Test func `A card that is pulled is found again by its name, where the clock is`() throws {
    let card = try PacedCard()
    let keeper = try keeper()
    #expect(eventually { isPlaying(keeper) })
    for round in 1...3 {
      card.pull()
      #expect(eventually { keeper.status().keeper?.isKeeping == true && !card.isOpen })
      #expect(keeper.status().keeper?.away?.contains("the card is gone") == true)
      let count = renderer.counted
      #expect(eventually { renderer.counted > count + 4_800 })
      card.putBack()
      #expect(eventually { keeper.status().keeper?.returns == UInt64(round) && isPlaying(keeper) })
      #expect(card.opened == round + 1)
    }
    let status = try #require(keeper.status().keeper)
    #expect(status.losses == 3)
    #expect(status.worstFramesOff == 0)
    var events = keeper.takeEvents().count
    #expect(
      eventually {
        events += keeper.takeEvents().count
        return events >= 6
      })
    keeper.stop()
    #expect(renderer.faults == 0)
    #expect(events == 6)
  }

  @Test func `A device that keeps no time is left, and its file holds what was rendered`() throws {
    let card = try PacedCard(formats: "f")
    let keeper = try keeper("pcm:kept")
    #expect(
      eventually {
        keeper.takeEvents().contains {
          if case .lost(let why) = $0 { why.contains("keeps no time") } else { false }
        }
      })
    let count = renderer.counted
    #expect(eventually { renderer.counted > count })
    keeper.stop()
    _ = card.path
  }

  @Test(arguments: ["Headset,x", "Headset,-1", "a,b,c", "Headset,32"])
  func `A device that has no number is refused`(device: String) {
    let error = #expect(throws: DriverError.self) { try ALSADriver(device: device) }
    #expect(error?.lines.count == 3)
  }

  @Test func `A card that is not there is refused by its name`() throws {
    let error = #expect(throws: DriverError.self) { try ALSADriver(device: "NoSuchCard") }
    #expect(error?.why.contains("hw:CARD=NoSuchCard,DEV=0") == true)
  }

  /// A client's word for a card once reached ALSA as it was, whose plugins write files.
  @Test(arguments: [
    "file:FILE=/tmp/x,FORMAT=raw", "tee:null,'/tmp/x',raw", "pcm:file:'/tmp/x'", "{type file file /tmp/x}",
    "hw:0'", "hw:{CARD 0}", "pcm:", ":",
  ])
  func aNameThatIsNoCardsReachesNoPlugin(_ name: String) {
    #expect(throws: DriverError.self) { try ALSACard.path(of: name) }
  }

  @Test func namesOfCardsAreTakenAsTheyAre() throws {
    for name in ["hw:CARD=USB,DEV=0", "plughw:1,0", "sysdefault:CARD=PCH"] {
      #expect(try ALSACard.path(of: name) == name)
    }
    #expect(try ALSACard.path(of: "pcm:paced") == "paced")
    #expect(try ALSACard.path(of: "USB,1") == "hw:CARD=USB,DEV=1")
  }
}
