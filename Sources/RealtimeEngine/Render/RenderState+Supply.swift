/// How a voice comes to the samples of a file that is not in memory.
extension RenderState {
  /// Finds a voice that has just been made the material it begins with: a head, or a ring that was armed for
  /// it, or a ring that has yet to be filled.
  @_noLocks
  mutating func beginSupply(_ voice: UnsafeMutablePointer<AudioVoice>) {
    let place = voice.pointee.place
    let armed = armedSlot(key: voice.pointee.key, stamp: voice.pointee.stamp, at: place)
    let head = head(for: voice.pointee.audio, at: place)
    if head >= 0, armed < 0 || !isFilled(armed, from: place) {
      let entry = streams.heads.pointee.entries[head]
      let inside = voice.pointee.position - entry.first
      let passEnd = voice.pointee.audio.offset + voice.pointee.audio.passFrames
      let count = min(entry.first + entry.frames, passEnd) - voice.pointee.position
      voice.pointee.headLeft = entry.left + Int(inside)
      voice.pointee.headRight = entry.right + Int(inside)
      voice.pointee.headStart = place
      voice.pointee.headEnd = place + count
      voice.pointee.headsRevision = streams.heads.pointee.revision
    } else if armed >= 0 {
      bind(voice, to: armed)
    }
    feed(voice)
    let needed = min(voice.pointee.framesLeft, Int64(EngineLimits.gridFrames + declickFrames))
    if available(to: voice) < needed { starve(voice) }
  }

  /// A voice of a clip that is still being made: it waits in silence for what is not there.
  @_noLocks
  mutating func beginGrown(_ voice: UnsafeMutablePointer<AudioVoice>) {
    let needed = min(voice.pointee.framesLeft, Int64(EngineLimits.gridFrames + declickFrames))
    if available(to: voice) < needed { starve(voice) }
  }

  @_noLocks
  private mutating func bind(_ voice: UnsafeMutablePointer<AudioVoice>, to index: Int) {
    streams.slots[index].use = StreamSlot.bound
    voice.pointee.slot = Int32(truncatingIfNeeded: index)
  }

  /// Opens the stream that follows on a head, in time, and tells the reader what is done with.
  @_noLocks
  mutating func feed(_ voice: UnsafeMutablePointer<AudioVoice>) {
    let place = voice.pointee.place
    if place >= voice.pointee.headEnd { voice.pointee.headLeft = nil }
    if voice.pointee.slot < 0 {
      let next = max(place, voice.pointee.headEnd)
      let isDue = voice.pointee.headEnd - place < streams.leadFrames
      if isDue, next < voice.pointee.audio.frames, next - place < voice.pointee.remaining {
        let index = openStream(
          voice.pointee.audio, key: voice.pointee.key, stamp: voice.pointee.stamp, at: next)
        if index >= 0 { bind(voice, to: index) }
      }
    }
    guard voice.pointee.slot >= 0 else { return }
    let slot = streams.slots + Int(voice.pointee.slot)
    slot.pointee.take(to: place - slot.pointee.order.base)
  }

  /// Frames that can be had from here on without a gap.
  @_noLocks
  private func available(to voice: UnsafeMutablePointer<AudioVoice>) -> Int64 {
    if voice.pointee.audio.isGrowing { return max(0, voice.pointee.audio.ready - voice.pointee.position) }
    let place = voice.pointee.place
    let fromHead = max(0, voice.pointee.headEnd - place)
    guard voice.pointee.slot >= 0 else { return fromHead }
    let slot = streams.slots[Int(voice.pointee.slot)]
    let end = slot.order.base + slot.given()
    guard slot.order.base <= max(place, voice.pointee.headEnd) else { return fromHead }
    return max(fromHead, end - place)
  }

  /// Sees to it that the next `count` frames can be read, or fades out before they run out; lowers `count` to
  /// what is read in one piece. False: these frames pass in silence.
  @_noLocks
  mutating func supply(_ voice: UnsafeMutablePointer<AudioVoice>, _ count: inout Int64) -> Bool {
    let have = available(to: voice)
    let left = voice.pointee.framesLeft
    if voice.pointee.isStarved {
      guard have > 0, have >= min(left, EngineLimits.streamReadyFrames) else {
        voice.pointee.starvedFrames += count
        report.draft.pointee.framesStarved += UInt64(truncatingIfNeeded: count)
        learnCause(voice)
        return false
      }
      endStarvation(voice)
      voice.pointee.supply.move(to: 1, frames: declickFrames)
    } else if have < min(left, count + Int64(declickFrames)), voice.pointee.supply.target != 0 {
      let rest = Int(min(have, Int64(declickFrames)))
      if rest > 0 { voice.pointee.supply.move(to: 0, frames: rest) }
      if rest <= 0 { starve(voice) }
    }
    if voice.pointee.supply.target == 0 {
      guard voice.pointee.supply.isMoving, have > 0 else {
        if !voice.pointee.isStarved { starve(voice) }
        voice.pointee.starvedFrames += count
        report.draft.pointee.framesStarved += UInt64(truncatingIfNeeded: count)
        return false
      }
      count = min(count, min(have, Int64(voice.pointee.supply.remaining)))
    }
    count = min(count, contiguous(voice))
    return true
  }

  /// Frames up to the end of the head or to the ring's edge.
  @_noLocks
  private func contiguous(_ voice: UnsafeMutablePointer<AudioVoice>) -> Int64 {
    if voice.pointee.audio.isGrowing { return max(1, available(to: voice)) }
    let place = voice.pointee.place
    if place < voice.pointee.headEnd { return voice.pointee.headEnd - place }
    guard voice.pointee.slot >= 0 else { return 1 }
    let slot = streams.slots[Int(voice.pointee.slot)]
    return slot.ring.pointee.frames - (place - slot.order.base) % slot.ring.pointee.frames
  }

  /// Where the next frames are.
  @_noLocks
  func samples(of voice: UnsafeMutablePointer<AudioVoice>) -> (UnsafePointer<Float>, UnsafePointer<Float>) {
    let audio = voice.pointee.audio
    guard audio.stream != 0 else {
      return (audio.left + Int(voice.pointee.position), audio.right + Int(voice.pointee.position))
    }
    let place = voice.pointee.place
    if place < voice.pointee.headEnd, let left = voice.pointee.headLeft, let right = voice.pointee.headRight {
      let inside = Int(place - voice.pointee.headStart)
      return (left + inside, right + inside)
    }
    let slot = streams.slots[max(0, Int(voice.pointee.slot))]
    let inside = Int((place - slot.order.base) % slot.ring.pointee.frames)
    guard let left = slot.ring.pointee.left, let right = slot.ring.pointee.right else {
      // Never: nothing has been given of a ring without memory.
      return (UnsafePointer(levels), UnsafePointer(levels))
    }
    return (UnsafePointer(left + inside), UnsafePointer(right + inside))
  }

  /// Time passes without sound.
  @_noLocks
  func skip(_ voice: UnsafeMutablePointer<AudioVoice>, _ count: Int64) {
    voice.pointee.position += count
    voice.pointee.elapsed += count
    voice.pointee.remaining -= count
    _ = voice.pointee.declick.advance(Int(count))
    _ = voice.pointee.gain.advance(Int(count))
  }

  // MARK: Starvation

  @_noLocks
  private mutating func starve(_ voice: UnsafeMutablePointer<AudioVoice>) {
    voice.pointee.isStarved = true
    voice.pointee.supply = Ramp(0)
    voice.pointee.starvedFrames = 0
    voice.pointee.cause = cause(voice)
    // A voice that fades out has been left: nobody misses it.
    guard !voice.pointee.isLeaving else { return }
    report.draft.pointee.starvations += 1
    notifyStarved(.starving, voice)
  }

  /// Tells how long it was. Also where a starved voice ends.
  @_noLocks
  mutating func endStarvation(_ voice: UnsafeMutablePointer<AudioVoice>) {
    guard voice.pointee.isStarved else { return }
    voice.pointee.isStarved = false
    // What is known at the end is truer than at the beginning, when an error had not come yet.
    if voice.pointee.slot >= 0, streams.slots[Int(voice.pointee.slot)].trouble() != 0 {
      voice.pointee.cause = cause(voice)
    }
    if !voice.pointee.isLeaving || voice.pointee.starvedFrames > Int64(declickFrames) {
      notifyStarved(.starved, voice)
    }
  }

  @_noLocks
  private func cause(_ voice: UnsafeMutablePointer<AudioVoice>) -> UInt64 {
    if voice.pointee.audio.isGrowing { return StreamCause.notMade }
    guard voice.pointee.slot >= 0 else { return StreamCause.noRing }
    let slot = streams.slots[Int(voice.pointee.slot)]
    let trouble = slot.trouble()
    if trouble != 0 { return trouble }
    return slot.given() == 0 ? StreamCause.notReady : StreamCause.late
  }

  /// An error of the file comes after the silence it causes: it is told when it is known.
  @_noLocks
  private mutating func learnCause(_ voice: UnsafeMutablePointer<AudioVoice>) {
    guard voice.pointee.slot >= 0 else { return }
    let trouble = streams.slots[Int(voice.pointee.slot)].trouble()
    guard trouble != 0, trouble != voice.pointee.cause else { return }
    voice.pointee.cause = trouble
    if !voice.pointee.isLeaving { notifyStarved(.starving, voice) }
  }

  @_noLocks
  private mutating func notifyStarved(_ kind: Notice.Kind, _ voice: UnsafeMutablePointer<AudioVoice>) {
    notifyNews(
      Notice(
        kind: kind, id: voice.pointee.key, frame: deviceFrame, tick: playheadTick(),
        late: voice.pointee.starvedFrames, track: Int32(truncatingIfNeeded: voice.pointee.track),
        address: UInt(truncatingIfNeeded: voice.pointee.cause)))
  }

  /// A voice is over: its ring may be used for another.
  @_noLocks
  mutating func endSupply(_ voice: UnsafeMutablePointer<AudioVoice>) {
    guard voice.pointee.audio.stream != 0 || voice.pointee.audio.isGrowing else { return }
    endStarvation(voice)
    if voice.pointee.slot >= 0 { freeStream(Int(voice.pointee.slot)) }
    voice.pointee.slot = -1
  }
}
