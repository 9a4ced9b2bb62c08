import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import Media
import MusicalTime
import RealtimeEngine
import Tools

extension Conductor {
  // MARK: Listening to a strip

  func auditionOn(_ arguments: Arguments) throws(Refusal) -> Answer {
    let strip: Strip
    do { strip = try timeline.strip(arguments.text(.strip) ?? "") } catch { throw Refusal(error) }
    return try listen { $0[strip.id] = arguments.bool(.after) ?? false }
  }

  /// One strip, or all of them.
  func auditionOff(_ arguments: Arguments) throws(Refusal) -> Answer {
    guard let name = arguments.text(.strip) else { return try listen { $0 = [:] } }
    let strip: Strip
    do { strip = try timeline.strip(name) } catch { throw Refusal(error) }
    return try listen { $0[strip.id] = nil }
  }

  private func listen(_ change: (inout [UUID: Bool]) -> Void) throws(Refusal) -> Answer {
    let before = mixes.auditioned
    change(&mixes.auditioned)
    let heard = (timeline.tracks.map { ($0.name, $0.id) } + timeline.buses.map { ($0.name, $0.id) })
      .compactMap { name, id in mixes.auditioned[id].map { (name, $0) } }
    do {
      let command = try commitMix("audition", timeline)
      let names = heard.map { name, isAfter -> JSONValue in
        ["name": .string(name), "at": isAfter ? "after" : "before"]
      }
      return .reply(.ok(["command": command, "auditioned": .array(names)]))
    } catch {
      mixes.auditioned = before
      throw error
    }
  }

  // MARK: Sound beside the timeline

  /// A file, or a region of the timeline, once, on the cue outputs alone.
  func auditionPlay(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let gain = Float(decibels: arguments.number(.gain) ?? 0)
    if let name = arguments.text(.region) {
      var waiting = waitingRegion(name)
      if waiting == nil, arguments.has(.take) { waiting = try latent(name) }
      if let latent = waiting {
        return try auditionTake(latent, arguments.integer(.take), gain: gain, incoming)
      }
      let region: Region
      do { region = try timeline.region(name) } catch { throw Refusal(error) }
      guard let clip = material[region.clip] else {
        throw Refusal(
          "not_loaded", .tryLater, "\(region.name) cannot be auditioned", "its clip is not loaded",
          "garden clip ls")
      }
      return try play(try AuditionPlan(region, clip, timeline, gain: gain), name: region.name, incoming)
    }
    guard let path = arguments.text(.file) else {
      throw Refusal(
        "missing", .usage, "there is nothing to audition", "neither a file nor a region was named",
        "garden audition play riff.wav")
    }
    let rate = engine.sampleRate
    return try audition(path, incoming) { clip throws(Refusal) in
      (try AuditionPlan(clip, sampleRate: rate, gain: gain), clip.clip.fileName)
    }
  }

  /// What has come for a region, as the region would play it: the newest take, or another.
  private func auditionTake(
    _ latent: LatentRegion, _ number: Int?, gain: Float, _ incoming: Incoming
  ) throws(Refusal) -> Answer {
    let takes = latent.takes ?? []
    let wanted = number.map { $0 - 1 } ?? takes.lastIndex { $0.content == latent.content } ?? takes.count - 1
    guard takes.indices.contains(wanted) else {
      guard takes.isEmpty else {
        throw Refusal(
          "out_of_range", .refused, "region \(latent.id.wireText) has no take \(wanted + 1)",
          "it has \(takes.count)", "garden region show \(latent.id.wireText.prefix(8))")
      }
      throw Self.isEmpty(latent)
    }
    let id = latent.id
    return try audition(takes[wanted].content, incoming) { [self] clip throws(Refusal) in
      guard let latent = timeline.latents[id] else { throw Self.isEmpty(latent) }
      var region =
        timeline.regions[id]
        ?? Region(
          id: id, key: latent.key, name: latent.name ?? clip.clip.defaultName, track: latent.track ?? id,
          clip: clip.clip.id, start: latent.start, length: latent.length)
      if region.length == 0 { region.length = region.naturalLength(of: clip.clip, in: timeline.map) }
      return (try AuditionPlan(region, clip, timeline, gain: gain), "\(region.name) take \(wanted + 1)")
    }
  }

  private func audition(
    _ path: String, _ incoming: Incoming,
    _ make: @escaping (ClipMaterial) throws(Refusal) -> (plan: AuditionPlan, name: String)
  ) throws(Refusal) -> Answer {
    let rate = engine.sampleRate
    let store = store
    try load(
      {
        .clip(
          Result { () throws(Refusal) in
            try ClipMaterial.load(
              path, from: store, sampleRate: rate, residentBytes: ControlLimits.auditionBytes,
              limitBytes: ControlLimits.auditionBytes)
          })
      },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .clip(let result) = loaded else { return }
          let (plan, name) = try make(try result.get())
          if case .reply(let content) = try play(plan, name: name, incoming) { finish(incoming, content) }
        }
      })
    return .later
  }

  /// Notes need synths of their own: made anew for each audition, so that nothing is left of the one before.
  private func play(_ plan: AuditionPlan, name: String, _ incoming: Incoming) throws(Refusal) -> Answer {
    guard plan.needsSynths else { return .reply(try start(plan, with: nil, name: name)) }
    var track = plan.track ?? Track(slot: 0, name: name)
    track.slot = EngineLimits.auditionStrip
    try makeSynths(for: track, incoming) { [self] made throws(Refusal) in
      finish(incoming, try start(plan, with: made.bank, name: name))
    }
    return .later
  }

  private func start(_ plan: AuditionPlan, with bank: SynthBankContent?, name: String) throws(Refusal)
    -> JSONValue
  {
    try checkRoom(for: 3)
    // Its synths are there before its first note.
    if let bank {
      banks.keep(bank)
      sendUnannounced(.bank, track: EngineLimits.auditionStrip, address: bank.address)
    }
    let command = try send("audition_play", .audition, address: plan.content.address)
    auditions[plan.content.address] = plan.content
    return .ok(["command": command, "name": .string(name), "seconds": .number(plan.seconds.hundredths)])
  }

  func auditionStop() throws(Refusal) -> Answer {
    .reply(.ok(["command": try send("audition_stop", .audition)]))
  }

  /// The cue's own level, which is no part of the session.
  func setCue(_ arguments: Arguments) throws(Refusal) -> Answer {
    let gain = try onlyGain(arguments, of: "cue")
    let command = try send("track_set", .cueGain, value: Double(Float(decibels: gain)))
    cueGainDB = gain
    return .reply(.ok(["command": command, "track": ["name": "cue", "gain_db": .number(gain)]]))
  }
}

/// What an audition plays, ready for the renderer.
struct AuditionPlan {
  let content: AuditionContent
  let seconds: Double
  let needsSynths: Bool
  /// Whose font and interpolation a region's notes have.
  var track: Track?

  /// The whole of a file; a MIDI file in its own tempo.
  init(_ material: ClipMaterial, sampleRate: Double, gain: Float) throws(Refusal) {
    switch material.content {
    case .audio(let buffer):
      content = AuditionContent(audio: Self.audio(buffer), frames: buffer.frames, gain: gain, owner: buffer)
      seconds = Double(buffer.frames) / sampleRate
      needsSynths = false
    case .stream(let clip): throw Self.streams(clip)
    case .growing: throw Self.unfinished
    case .midi(let clip):
      var timeline: Timeline
      do { timeline = Timeline(map: try TempoMap(sampleRate: sampleRate)) } catch { throw Refusal(error) }
      if case .midi(_, let tempos, let signatures, _) = material.summary {
        do { _ = try timeline.adopt(tempos: tempos, signatures: signatures, at: 0) } catch {
          throw Refusal(error)
        }
      }
      let map = timeline.map
      let events = Self.events(of: clip).map { AuditionEvent(frame: map.frame(atTick: $0.tick), event: $0) }
      content = AuditionContent(
        events: events, frames: map.frame(atTick: material.clip.lengthTicks), gain: gain)
      seconds = map.seconds(atTick: Double(material.clip.lengthTicks))
      needsSynths = true
    }
  }

  /// What one pass of a region plays, at the tempo it has where it lies.
  init(_ region: Region, _ material: ClipMaterial, _ timeline: Timeline, gain: Float) throws(Refusal) {
    let map = timeline.map
    let gain = gain * Float(decibels: region.gainDB)
    track = timeline.track(id: region.track)
    let start = map.frame(atTick: region.start)
    let frames = map.frame(atTick: region.end) - start
    seconds = Double(frames) / map.sampleRate
    switch material.content {
    case .audio(let buffer):
      var audio = Self.audio(buffer)
      audio.offset = min(buffer.frames, Int64((region.offsetSeconds * map.sampleRate).rounded()))
      audio.passFrames = buffer.frames - audio.offset
      audio.skip = region.skipFrames
      content = AuditionContent(
        audio: audio, frames: min(frames, audio.passFrames * Int64(region.loops)), gain: gain, owner: buffer)
      needsSynths = false
    case .stream(let clip): throw Self.streams(clip)
    case .growing: throw Self.unfinished
    case .midi(let clip):
      let events = Self.events(of: clip).compactMap { event -> AuditionEvent? in
        // Controllers from before the offset set the stage at once.
        let tick = event.tick - region.offsetTicks
        guard tick < region.length, tick >= 0 || !event.isNote else { return nil }
        let frame = map.frame(atTick: region.start + max(0, tick)) - start
        return AuditionEvent(frame: frame, event: Self.shaped(event, by: region))
      }
      content = AuditionContent(events: events, frames: frames, gain: gain)
      needsSynths = true
    }
  }

  private static let unfinished = Refusal(
    "unfinished", .tryLater, "it cannot be auditioned", "its job is still making it", "garden job ls")

  private static func streams(_ clip: StreamedClip) -> Refusal {
    Refusal(
      "streams", .refused, "\(clip.audio.path) cannot be auditioned by itself",
      "it streams from the disk, and an audition plays from memory", "garden audition on TRACK && garden play"
    )
  }

  private static func audio(_ buffer: AudioBuffer) -> ScheduledAudio {
    ScheduledAudio(
      left: buffer.left, right: buffer.right, isMono: buffer.channels == 1, offset: 0,
      passFrames: buffer.frames, passes: 1, skip: 0)
  }

  private static func events(of clip: MIDIClipContent) -> [ClipEvent] {
    let memory = clip.pointer.pointee
    return (0..<memory.count).map { memory.events[$0] }
  }

  private static func shaped(_ event: ClipEvent, by region: Region) -> ClipEvent {
    var event = event
    if let channel = region.channel { event.channel = UInt8(channel - 1) }
    if case .noteOn = event.kind {
      event.data2 = UInt8(min(127, max(1, (Double(event.data2) * region.velocityScale).rounded())))
    }
    guard event.isNote, event.channel != 9 else { return event }
    event.data1 = UInt8(min(127, max(0, Int(event.data1) + region.transpose)))
    return event
  }
}

extension ClipEvent {
  fileprivate var isNote: Bool {
    switch kind {
    case .noteOn, .noteOff, .keyPressure: true
    default: false
    }
  }
}
