import Jobs
import Media
import MusicalTime
import RealtimeEngine

/// What has come of one attempt at a job, and how much of it is of use.
struct StreamTally: Sendable, Equatable {
  /// Parts that were used.
  var used = 0
  var repeated = 0
  /// Numbers that never came, as far as is known.
  var lost = 0
  /// Parts that could not be used; why the last one could not.
  var unused = 0
  var fault: String?
  /// Notes that another one of their key overlaps.
  var overlapping = 0
  /// Holes between parts that have places of their own, in ticks or frames at the parts' rate.
  var holes: Int64 = 0
}

/// Something to be played has come.
enum GrownContent: Sendable {
  case music(MIDIClipContent, length: Tick, events: Int)
  case sound(GrownSound)
}

/// What came of a part.
struct GrowthNews: Sendable {
  var tally: StreamTally
  /// nil: nothing that can be played has come yet.
  var content: GrownContent?
  /// Why this part was not used.
  var fault: String?
}

/// What a stream's parts come to. Used on the one thread that takes parts apart, and made on any.
///
/// Unchecked: only orders of that thread touch what varies.
final class StreamDraft: @unchecked Sendable {
  private let sampleRate: Double
  private var order = PartOrder<StreamPart?>()
  private var tally = StreamTally()
  private var notes: [Int: [GrownMusic.Note]] = [:]
  private var events: [ClipEvent] = []
  private var length: Tick = 0
  private var sound: GrowingSound?
  private var content: GrownContent?

  init(sampleRate: Double) { self.sampleRate = sampleRate }

  /// Takes a part. One that is of no use is counted, nothing of it is used, and those behind it do not wait for it.
  func take(_ chunk: HostChunk) -> GrowthNews {
    var part: StreamPart?
    var fault: String?
    guard (0..<GrowthLimits.numbers).contains(chunk.sequence) else {
      let fault = refuse(PartFault("its number is \(chunk.sequence), and none"))
      return GrowthNews(tally: tally, content: nil, fault: fault)
    }
    do throws(PartFault) { part = try StreamPart.decode(chunk) } catch { fault = refuse(error) }
    guard let ready = order.take(chunk.sequence, part) else {
      if fault == nil { tally.repeated += 1 }
      return GrowthNews(tally: tally, content: nil, fault: fault ?? "it came before")
    }
    tally.lost = order.lost
    for case let part? in ready {
      do throws(PartFault) { try take(part) } catch { fault = refuse(error) }
    }
    return GrowthNews(tally: tally, content: ready.isEmpty ? nil : content, fault: fault)
  }

  private func refuse(_ fault: PartFault) -> String {
    tally.unused += 1
    tally.fault = fault.why
    return fault.why
  }

  private func take(_ part: StreamPart) throws(PartFault) {
    switch part.content {
    case .music(let music):
      guard sound == nil else { throw PartFault("it is music, and what came before was sound") }
      try add(music, at: part.at ?? length)
    case .sound(let pcm):
      guard events.isEmpty, length == 0 else {
        throw PartFault("it is sound, and what came before was music")
      }
      try add(pcm, at: part.at)
    }
    tally.used += 1
  }

  // MARK: Music

  private func add(_ music: GrownMusic, at start: Tick) throws(PartFault) {
    guard start + music.length <= Tick(GrowthLimits.beats) * ticksPerBeat else {
      throw PartFault("it ends after \(GrowthLimits.beats) beats, and no region grows further")
    }
    let coming = music.notes.count * 2 + music.rest.count
    guard events.count + coming <= GrowthLimits.events else {
      throw PartFault("\(GrowthLimits.events) events have come, and no region grows further")
    }
    if start > length { tally.holes += start - length }
    for var note in music.notes {
      note.start += start
      note.end += start
      let slot = Int(note.channel) << 7 | Int(note.key)
      // Two of one key would end each other.
      guard !(notes[slot] ?? []).contains(where: { $0.start < note.end && note.start < $0.end }) else {
        tally.overlapping += 1
        continue
      }
      notes[slot, default: []].append(note)
      events.append(
        ClipEvent(
          tick: note.start, kind: .noteOn, channel: note.channel, data1: note.key, data2: note.velocity))
      events.append(
        ClipEvent(tick: note.end, kind: .noteOff, channel: note.channel, data1: note.key, data2: 64))
    }
    for var event in music.rest {
      event.tick += start
      events.append(event)
    }
    events.sort { ($0.tick, $0.rank) < ($1.tick, $1.rank) }
    length = max(length, start + music.length)
    content = .music(MIDIClipContent(events: events), length: length, events: events.count)
  }

  // MARK: Sound

  private func add(_ pcm: PCM, at place: Int64?) throws(PartFault) {
    let grown: GrowingSound
    if let sound {
      grown = sound
    } else {
      grown = try Self.media { () throws(MediaError) in try makeSound(pcm) }
    }
    guard grown.channels == pcm.channels, grown.fileRate == pcm.rate else {
      throw PartFault(
        "it has \(pcm.channels) channels at \(pcm.rate) Hz, and the first had \(grown.channels) at \(grown.fileRate)"
      )
    }
    let isTaken = try add(pcm, at: place ?? grown.taken, to: grown)
    guard isTaken else {
      throw PartFault("it ends after \(GrowthLimits.seconds) seconds, and no region grows further")
    }
    sound = grown
    if grown.sound.frames > 0 { content = .sound(grown.sound) }
  }

  private func makeSound(_ pcm: PCM) throws(MediaError) -> GrowingSound {
    try GrowingSound(
      channels: pcm.channels, fileRate: pcm.rate, sampleRate: sampleRate,
      limitFrames: GrowthLimits.seconds * Int(sampleRate))
  }

  /// What is there already stays, and what is between is silence. False where it would be too long.
  private func add(_ pcm: PCM, at place: Int64, to sound: GrowingSound) throws(PartFault) -> Bool {
    let past = Int(min(Int64(pcm.left.count), max(0, sound.taken - place)))
    guard past < pcm.left.count else { throw PartFault("all of it is there already") }
    let hole = max(0, place - sound.taken)
    let limit = Int64(GrowthLimits.seconds * sound.fileRate)
    guard sound.taken + hole + Int64(pcm.left.count - past) <= limit else { return false }
    let isTaken = try Self.media { () throws(MediaError) in
      guard try sound.appendSilence(Int(hole)) else { return false }
      return try sound.append(
        left: Array(pcm.left[past...]), right: pcm.right.isEmpty ? [] : Array(pcm.right[past...]))
    }
    if isTaken { tally.holes += hole }
    return isTaken
  }

  private static func media<Value>(_ body: () throws(MediaError) -> Value) throws(PartFault) -> Value {
    do throws(MediaError) { return try body() } catch {
      throw PartFault("\(error.found), where \(error.asked) is wanted")
    }
  }
}

extension ClipEvent {
  /// At one tick notes end first and begin last.
  fileprivate var rank: Int {
    switch kind {
    case .noteOff: 0
    case .controller: 1
    case .program: 2
    case .pitchBend, .channelPressure, .keyPressure: 3
    case .noteOn: 4
    }
  }
}
