import MusicalTime

extension RenderState {
  /// Starts the audio regions that begin in this grid block, each on its exact frame, and goes around the
  /// loop.
  @_noLocks
  mutating func startAudio() {
    let grid = Int64(EngineLimits.gridFrames)
    let blockEnd = transport.frame + grid
    guard let loopEnd = loopEndAhead(), loopEnd < blockEnd else {
      startAudio(from: transport.frame, to: blockEnd, offset: 0)
      // A loop that ends with the block goes around with the next one's first frame.
      if let loopEnd = loopEndAhead(), loopEnd == blockEnd { loopAudio(at: Int(grid)) }
      return
    }
    let before = loopEnd - transport.frame
    startAudio(from: transport.frame, to: loopEnd, offset: 0)
    loopAudio(at: Int(before))
    let start = schedule.pointee.tempo.frame(atTick: Double(schedule.pointee.loopStart))
    startAudio(from: start, to: start + grid - before, offset: Int(before))
  }

  @_noLocks
  private mutating func loopAudio(at offset: Int) {
    for index in 0..<voiceCount where !voices[index].isLeaving { leave(voice: index, at: offset) }
    enterAudio(at: Double(schedule.pointee.loopStart), firstFrame: offset)
  }

  @_noLocks
  private mutating func startAudio(from first: Int64, to end: Int64, offset: Int) {
    for _ in 0..<EngineLimits.regionsStarted {
      guard let region = schedule.pointee.audio.region(at: transport.nextAudio) else { return }
      let start = schedule.pointee.tempo.frame(atTick: Double(region.pointee.start))
      guard start < end else { return }
      transport.nextAudio = schedule.pointee.audio.place(after: transport.nextAudio)
      startVoice(region, elapsed: 0, firstFrame: offset + Int(max(0, start - first)))
    }
    passOver(startingBefore: end)
  }

  /// More begin at once than may: the rest of them stays silent, and is counted.
  @_noLocks
  private mutating func passOver(startingBefore end: Int64) {
    let tempo = schedule.pointee.tempo
    // The last tick whose frame comes before the end.
    var tick = Tick(tempo.tick(atFrame: Double(end)))
    while tempo.frame(atTick: Double(tick)) >= end { tick -= 1 }
    let next = schedule.pointee.audio.first(after: Double(tick))
    let passed =
      schedule.pointee.audio.index(of: next) - schedule.pointee.audio.index(of: transport.nextAudio)
    guard passed > 0 else { return }
    report.draft.pointee.regionsRefused += UInt64(passed)
    transport.nextAudio = next
  }

  /// Starts the audio regions that cover a tick and do not sound yet: one that begins there keeps its attack,
  /// one entered midway fades in. Resets the search for the next ones. What an earlier schedule has played,
  /// at the frame it had come to, is not begun again because a new tempo puts the playhead elsewhere in the
  /// clip.
  @_noLocks
  mutating func enterAudio(
    at tick: Double, firstFrame: Int, playedBy old: UnsafePointer<Schedule>? = nil, at oldFrame: Int64 = 0
  ) {
    transport.nextAudio = schedule.pointee.audio.first(after: tick)
    let here = schedule.pointee.tempo.frame(atTick: tick)
    var next = findRegions(covering: tick, in: schedule.pointee.audio)
    while next < EngineLimits.regionsEntered, let region = found[next] {
      next += 1
      guard !isSounding(region.pointee.key) else { continue }
      if old != nil, region.pointee.isNextPass { continue }
      if let old, Self.hasPlayed(region, in: old.pointee, at: oldFrame, tick) { continue }
      let start = schedule.pointee.tempo.frame(atTick: Double(region.pointee.start))
      startVoice(region, elapsed: max(0, here - start), firstFrame: firstFrame)
    }
  }

  @_noLocks
  private static func hasPlayed(
    _ region: UnsafePointer<ScheduledRegion>, in old: Schedule, at frame: Int64, _ tick: Double
  ) -> Bool {
    let played = old.audio.find(start: region.pointee.start, key: region.pointee.key)
    guard let played, played.pointee.stamp == region.pointee.stamp else { return false }
    let isBegun = old.tempo.frame(atTick: Double(played.pointee.start)) < frame
    return isBegun && Double(played.pointee.end) > tick
  }

  @_noLocks
  private func isSounding(_ key: UInt64) -> Bool {
    for index in 0..<voiceCount where voices[index].key == key && !voices[index].isLeaving { return true }
    return false
  }

  @_noLocks
  private mutating func startVoice(
    _ region: UnsafePointer<ScheduledRegion>, elapsed: Int64, firstFrame: Int
  ) {
    let audio = region.pointee.audio
    guard audio.passFrames > 0, !region.pointee.isLastPass, use(track: Int(region.pointee.track)) else {
      return
    }
    let pass = (elapsed + audio.skip) / audio.passFrames
    guard pass < audio.passes else { return }
    let tempo = schedule.pointee.tempo
    let length =
      tempo.frame(atTick: Double(region.pointee.end)) - tempo.frame(atTick: Double(region.pointee.start))
    guard voiceCount < EngineLimits.audioVoices else {
      refuse(region)
      return
    }
    var declick = Ramp(elapsed > 0 ? 0 : 1)
    declick.move(to: 1, frames: declickFrames)
    voices[voiceCount] = AudioVoice(
      region: region, revision: schedule.pointee.revision, pass: pass, elapsed: elapsed,
      remaining: length - elapsed, declick: declick, firstFrame: firstFrame)
    if audio.stream != 0 { beginSupply(voices + voiceCount) }
    if audio.isGrowing { beginGrown(voices + voiceCount) }
    voiceCount += 1
    notifyStarted(region, midway: elapsed > 0, offset: firstFrame)
  }

  @_noLocks
  mutating func leaveAllAudio() {
    for index in 0..<voiceCount where !voices[index].isLeaving { leave(voice: index, at: 0) }
  }

  /// Fades a voice out over 5 ms from `frame` of this grid block on.
  @_noLocks
  mutating func leave(voice index: Int, at frame: Int) {
    voices[index].isLeaving = true
    voices[index].leaveFrame = frame
  }

  @_noLocks
  mutating func renderAudioVoices() {
    var kept = 0
    for index in 0..<voiceCount {
      let goesOn = render(voice: voices + index)
      if goesOn {
        if kept != index { voices[kept] = voices[index] }
        kept += 1
      } else {
        endSupply(voices + index)
      }
    }
    voiceCount = kept
  }

  /// Adds one voice to its track's bus; answers whether it sounds on after this grid block.
  @_noLocks
  private mutating func render(voice: UnsafeMutablePointer<AudioVoice>) -> Bool {
    let track = voice.pointee.track
    advanceLanes(of: voice)
    var frame = voice.pointee.firstFrame
    voice.pointee.firstFrame = 0
    let grid = EngineLimits.gridFrames
    let isStreamed = voice.pointee.audio.stream != 0
    let isSupplied = isStreamed || voice.pointee.audio.isGrowing
    if isStreamed { feed(voice) }
    while frame < grid {
      if voice.pointee.isLeaving, frame >= voice.pointee.leaveFrame, voice.pointee.declick.target != 0 {
        voice.pointee.declick.move(to: 0, frames: declickFrames)
      }
      if voice.pointee.isLeaving, voice.pointee.declick.target == 0, !voice.pointee.declick.isMoving {
        return false
      }
      if voice.pointee.remaining <= 0 { return false }
      let passEnd = voice.pointee.audio.offset + voice.pointee.audio.passFrames
      if voice.pointee.position >= passEnd {
        guard voice.pointee.passesLeft > 0 else { return false }
        voice.pointee.passesLeft -= 1
        voice.pointee.position = voice.pointee.audio.offset
      }
      var count = min(Int64(grid - frame), min(passEnd - voice.pointee.position, voice.pointee.remaining))
      if voice.pointee.isLeaving, frame < voice.pointee.leaveFrame {
        count = min(count, Int64(voice.pointee.leaveFrame - frame))
      }
      if !isSupplied || supply(voice, &count) {
        add(voice, to: tracks + track, at: frame, count: Int(count))
      } else {
        skip(voice, count)
      }
      frame += Int(count)
    }
    voice.pointee.leaveFrame = 0
    return true
  }

  @_noLocks
  private mutating func add(
    _ voice: UnsafeMutablePointer<AudioVoice>, to track: UnsafeMutablePointer<TrackState>, at frame: Int,
    count: Int
  ) {
    let isMono = voice.pointee.audio.isMono
    let (left, right) = samples(of: voice)
    let busLeft = (isMono ? track.pointee.mono : track.pointee.left) + frame
    let busRight = track.pointee.right + frame
    if voice.pointee.isPanned {
      setLevels(of: voice, count: count, fading: isFading(voice, at: frame, count: count))
      applyLane(of: voice, at: frame, count: count)
      addPanned(voice, to: track, at: frame, count: count)
      move(voice, on: count)
      return
    }
    if isMono { track.pointee.hasMono = true } else { track.pointee.hasStereo = true }
    let isFading = isFading(voice, at: frame, count: count)
    let isMoving =
      isFading || voice.pointee.gain.isMoving || voice.pointee.declick.isMoving
      || voice.pointee.supply.isMoving
    if isMoving || voice.pointee.isAutomated {
      let levels = levels
      setLevels(of: voice, count: count, fading: isFading)
      applyLane(of: voice, at: frame, count: count)
      for index in 0..<count { busLeft[index] += left[index] * levels[index] }
      if !isMono { for index in 0..<count { busRight[index] += right[index] * levels[index] } }
    } else {
      let level = voice.pointee.gain.value * voice.pointee.declick.value * voice.pointee.heldLevel
      for index in 0..<count { busLeft[index] += left[index] * level }
      if !isMono { for index in 0..<count { busRight[index] += right[index] * level } }
    }
    move(voice, on: count)
  }

  @_noLocks
  private func move(_ voice: UnsafeMutablePointer<AudioVoice>, on count: Int) {
    voice.pointee.position += Int64(count)
    voice.pointee.elapsed += Int64(count)
    voice.pointee.remaining -= Int64(count)
  }

  /// Whether the region's own fades shape these frames. A voice that is leaving keeps the level it had.
  @_noLocks
  private func isFading(_ voice: UnsafeMutablePointer<AudioVoice>, at frame: Int, count: Int) -> Bool {
    if voice.pointee.isLeaving, frame >= voice.pointee.leaveFrame { return false }
    let region = voice.pointee.region
    let fades =
      voice.pointee.elapsed < region.pointee.fadeInFrames
      || voice.pointee.remaining - Int64(count) < region.pointee.fadeOutFrames
    if !fades { voice.pointee.heldLevel = 1 }
    return fades
  }

  /// The level of each of the next frames.
  @_noLocks
  private mutating func setLevels(of voice: UnsafeMutablePointer<AudioVoice>, count: Int, fading: Bool) {
    for index in 0..<count {
      if fading {
        voice.pointee.heldLevel = voice.pointee.region.pointee.fadeLevel(
          elapsed: voice.pointee.elapsed + Int64(index), remaining: voice.pointee.remaining - Int64(index))
      }
      let seams = voice.pointee.declick.nextSmooth() * voice.pointee.supply.nextSmooth()
      levels[index] = voice.pointee.gain.next() * seams * voice.pointee.heldLevel
    }
  }
}
