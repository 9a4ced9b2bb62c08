import MIDI

/// How a tune is played.
package struct ABCPlaying: Sendable, Equatable {
  /// In place of the tune's tempos; quarter notes a minute, within `GeneratorLimits.tempo`.
  package var tempo: Double?
  /// Semitones, within `GeneratorLimits.transpose`. Drums stay.
  package var transpose = 0
  /// Of notes that no dynamic stands before, 1 … 127.
  package var velocity: UInt8 = 80
  /// 0 … 15, for all voices; nil: each has its own.
  package var channel: UInt8?
  /// 0 … 127, for voices that name none.
  package var program: UInt8?

  package init() {}
}

extension ABCTune {
  /// The tune as it sounds: repeats played out, ties joined, one channel a voice.
  package func sequence(_ playing: ABCPlaying = ABCPlaying()) throws(GeneratorError) -> MIDISequence {
    if let tempo = playing.tempo, !GeneratorLimits.tempo.contains(tempo) {
      throw .range("tempo", seen: tempo, allowed: "20 to 999")
    }
    guard GeneratorLimits.transpose.contains(playing.transpose) else {
      throw .range("transpose", seen: playing.transpose, allowed: "-48 to 48")
    }
    var events: [MIDIEvent] = []
    var tempos = [MIDITempo(tick: 0, bpm: playing.tempo ?? tempo?.bpm ?? 120)]
    var signatures: [MIDISignature] = []
    if !meter.isFree {
      signatures = [MIDISignature(tick: 0, numerator: meter.numerator, denominator: meter.denominator)]
    }
    var tracks: [MIDITrackInfo] = []
    var length: Int64 = 0
    for (index, voice) in voices.enumerated() {
      let channel = playing.channel ?? voice.channel ?? (voice.isPercussion ? 9 : Self.channel(of: index))
      var performance = ABCPerformance(channel: channel, playing, isPercussion: voice.isPercussion)
      try performance.play(voice)
      events += performance.events
      if playing.tempo == nil { tempos += performance.tempos }
      if index == 0 { signatures += performance.signatures }
      tracks.append(MIDITrackInfo(name: voice.name ?? (index == 0 ? titles.first : nil), channels: [channel]))
      length = max(length, performance.lengthTicks)
    }
    return MIDISequence(
      events: events, lengthTicks: length, tempos: tempos, signatures: signatures, tracks: tracks)
  }

  /// The tenth channel is the drums'.
  private static func channel(of index: Int) -> UInt8 {
    let place = index % 15
    return UInt8(place < 9 ? place : place + 1)
  }
}

extension MIDITempo {
  init(tick: Int64, bpm: Double) {
    self.init(tick: tick, microsecondsPerQuarter: Int((60_000_000 / bpm).rounded()))
  }
}

/// One voice on its way to events.
struct ABCPerformance {
  let channel: UInt8
  let playing: ABCPlaying
  let isPercussion: Bool
  private(set) var tempos: [MIDITempo] = []
  private(set) var signatures: [MIDISignature] = []
  private var notes: [Note] = []
  private var programs: [MIDIEvent] = []
  private var now: Int64 = 0
  private var barStart: Int64 = 0
  private var barEnd: Int64 = 0
  private var velocity: UInt8
  /// Notes that go on, by key.
  private var tied: [(key: UInt8, note: Int)] = []

  private struct Note {
    var start: Int64
    var end: Int64
    var key: UInt8
    var velocity: UInt8
  }

  init(channel: UInt8, _ playing: ABCPlaying, isPercussion: Bool) {
    self.channel = channel
    self.playing = playing
    self.isPercussion = isPercussion
    velocity = playing.velocity
  }

  var lengthTicks: Int64 { ABCTime.ticks(max(now, barEnd)) }

  /// In no order.
  var events: [MIDIEvent] {
    programs
      + notes.flatMap { note in
        let begin = ABCTime.ticks(note.start)
        let end = max(begin + 1, ABCTime.ticks(note.end))
        return [
          MIDIEvent(tick: begin, kind: .noteOn, channel: channel, data1: note.key, data2: note.velocity),
          MIDIEvent(tick: end, kind: .noteOff, channel: channel, data1: note.key, data2: 64),
        ]
      }
  }

  mutating func play(_ voice: ABCVoice) throws(GeneratorError) {
    let order = ABCOrder(voice)
    let limit = ABCTime.whole / 4 * Int64(GeneratorLimits.beats)
    let hasProgram = voice.elements.contains { if case .program = $0.kind { true } else { false } }
    if let program = playing.program, !hasProgram, !isPercussion { setProgram(program) }
    for index in order.elements where now <= limit { try play(voice.elements[index]) }
    guard !order.isTooLong, now <= limit else {
      throw GeneratorError(
        "too_long", "The tune is too long with its repeats",
        why:
          "More than \(GeneratorLimits.playedElements) notes and rests, or \(GeneratorLimits.beats) beats, in voice \(shown(voice.id.utf8)).",
        next: "take out repeats, or split the tune")
    }
  }

  private mutating func play(_ element: ABCElement) throws(GeneratorError) {
    switch element.kind {
    case .sound(let sound): try play(sound)
    case .bar:
      now = max(now, barEnd)
      (barStart, barEnd) = (now, now)
    case .overlay:
      barEnd = max(barEnd, now)
      now = barStart
      tied = []
    case .tempo(let tempo): tempos.append(MIDITempo(tick: ABCTime.ticks(now), bpm: tempo.bpm))
    case .meter(let meter):
      guard !meter.isFree else { return }
      signatures.append(
        MIDISignature(tick: ABCTime.ticks(now), numerator: meter.numerator, denominator: meter.denominator))
    case .program(let program): setProgram(program)
    case .key: return
    }
  }

  private mutating func setProgram(_ program: UInt8) {
    programs.append(MIDIEvent(tick: ABCTime.ticks(now), kind: .program, channel: channel, data1: program))
  }

  private mutating func play(_ sound: ABCSound) throws(GeneratorError) {
    defer { now += sound.length }
    guard !sound.notes.isEmpty else {
      tied = []
      return
    }
    if let dynamic = sound.velocity { velocity = dynamic }
    let loudness = sound.isAccented ? UInt8(min(127, Int(velocity) + 15)) : velocity
    let begin = try playGraces(of: sound, loudness)
    var goingOn: [(key: UInt8, note: Int)] = []
    for note in sound.notes {
      let key = try key(of: note)
      let end = now + note.length
      var index = notes.count
      if let before = tied.first(where: { $0.key == key && notes[$0.note].end == now }) {
        index = before.note
        notes[index].end = end
      } else {
        let stop = sound.isStaccato && !note.isTied ? begin + (end - begin) / 2 : end
        notes.append(Note(start: begin, end: stop, key: key, velocity: loudness))
      }
      if note.isTied { goingOn.append((key, index)) }
    }
    tied = goingOn
  }

  /// They take their time from the note: a thirty-second each, or half of it shared among them. Gives the time
  /// where the note begins.
  private mutating func playGraces(of sound: ABCSound, _ loudness: UInt8) throws(GeneratorError) -> Int64 {
    guard !sound.graces.isEmpty, tied.isEmpty else { return now }
    let each = min(ABCTime.whole / 32, sound.length / 2 / Int64(sound.graces.count))
    var time = now
    for grace in sound.graces {
      notes.append(Note(start: time, end: time + each, key: try key(of: grace), velocity: loudness))
      time += each
    }
    return time
  }

  private func key(of note: ABCNote) throws(GeneratorError) -> UInt8 {
    let key = Int(note.key) + (isPercussion ? 0 : playing.transpose)
    guard (0...127).contains(key) else {
      throw GeneratorError(
        "out_of_range", "Transposed by \(playing.transpose), a note lies beyond MIDI's keys",
        why: "Seen key \(key), allowed 0 to 127.", next: "transpose by less")
    }
    return UInt8(key)
  }
}
