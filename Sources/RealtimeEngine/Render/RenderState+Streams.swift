import MusicalTime

/// Arming: which regions' material is read ahead of the playhead, and into which ring.
extension RenderState {
  /// Finds out anew what is to be armed: after a jump, an edit, a halt.
  @_noLocks
  mutating func rearmStreams() {
    streams.isStale = true
    streams.isLoopArmed = false
  }

  /// Arms what comes within a second, and what a loop or a timed jump goes back to. Once a grid block.
  @_noLocks
  mutating func tendStreams() {
    let isStale = streams.isStale
    if isStale {
      streams.isStale = false
      streams.mark &+= 1
      streams.nextAhead = schedule.pointee.audio.first(after: playheadTick())
      if streams.jump.isWaiting { _ = arm(at: waitingTick()) }
      if !transport.rolling { _ = arm(at: playheadTick()) }
    }
    if transport.rolling {
      armLoopStart()
      // The window is some fifty of these wide.
      if isStale || deviceFrame & 1023 == 0 {
        armAhead()
        armTimedJumps()
      }
    }
    if isStale { sweepStreams() }
  }

  @_noLocks
  private mutating func armAhead() {
    var horizon = transport.frame + streams.aheadFrames
    if let end = loopEndAhead() { horizon = min(horizon, end) }
    while let region = schedule.pointee.audio.region(at: streams.nextAhead) {
      guard schedule.pointee.tempo.frame(atTick: Double(region.pointee.start)) < horizon else { return }
      streams.nextAhead = schedule.pointee.audio.place(after: streams.nextAhead)
      if region.pointee.isStreamed { _ = arm(region, at: region.pointee.audio.skip) }
    }
  }

  @_noLocks
  private mutating func armLoopStart() {
    guard !streams.isLoopArmed, let end = loopEndAhead(), end - transport.frame <= streams.aheadFrames
    else { return }
    streams.isLoopArmed = true
    _ = arm(at: Double(schedule.pointee.loopStart))
  }

  /// A jump that lands with the playhead waits for nothing, so its place is made ready before.
  @_noLocks
  private mutating func armTimedJumps() {
    let horizon = transport.frame + streams.aheadFrames
    guard let command = timed.next?.pointee.command,
      schedule.pointee.tempo.frame(atTick: Double(command.at)) < horizon
    else { return }
    switch command.kind {
    case .locate, .play: if command.tick.isFinite { _ = arm(at: command.tick) }
    default: break
    }
  }

  /// Arms what sounds at a place and what begins soon after; answers whether all of it could sound at once.
  @_noLocks
  mutating func arm(at wanted: Double) -> Bool {
    let tick = min(EngineLimits.maximumTick, max(0, wanted))
    let here = schedule.pointee.tempo.frame(atTick: tick)
    var isReady = true
    var next = findRegions(covering: tick, in: schedule.pointee.audio)
    while next < EngineLimits.regionsEntered, let region = found[next] {
      next += 1
      guard region.pointee.isStreamed else { continue }
      let start = schedule.pointee.tempo.frame(atTick: Double(region.pointee.start))
      let audio = region.pointee.audio
      let place = max(0, here - start) + audio.skip
      guard place < audio.frames else { continue }
      if !arm(region, at: place) { isReady = false }
    }
    var place = schedule.pointee.audio.first(after: tick)
    while let region = schedule.pointee.audio.region(at: place) {
      let start = schedule.pointee.tempo.frame(atTick: Double(region.pointee.start))
      guard start - here < streams.aheadFrames / 2 else { break }
      place = schedule.pointee.audio.place(after: place)
      if region.pointee.isStreamed { _ = arm(region, at: region.pointee.audio.skip) }
    }
    return isReady
  }

  /// Has a region's material read from a frame on, unless it is or a head holds it; answers whether it could
  /// sound at once. One that finds no ring is not waited for.
  @_noLocks
  private mutating func arm(_ region: UnsafePointer<ScheduledRegion>, at place: Int64) -> Bool {
    if head(for: region.pointee.audio, at: place) >= 0 { return true }
    var index = armedSlot(key: region.pointee.key, stamp: region.pointee.stamp, at: place)
    if index < 0 {
      index = openStream(
        region.pointee.audio, key: region.pointee.key, stamp: region.pointee.stamp, at: place)
      guard index >= 0 else { return true }
      streams.slots[index].use = StreamSlot.armed
    }
    streams.slots[index].mark = streams.mark
    return isFilled(index, from: place)
  }

  /// Whether a ring has enough from a frame of its material on to begin with.
  @_noLocks
  func isFilled(_ index: Int, from place: Int64) -> Bool {
    let slot = streams.slots + index
    if slot.pointee.trouble() != 0 { return true }
    let wanted = min(
      slot.pointee.order.frames, place - slot.pointee.order.base + EngineLimits.streamReadyFrames)
    return slot.pointee.given() >= wanted
  }

  /// A ring that waits with a region's material from `place` on, or from a little before; −1 for none.
  @_noLocks
  func armedSlot(key: UInt64, stamp: UInt64, at place: Int64) -> Int {
    for index in 0..<streams.count where streams.slots[index].use == StreamSlot.armed {
      let slot = streams.slots[index]
      guard slot.order.region == key, slot.stamp == stamp else { continue }
      let ahead = place - slot.order.base
      if ahead >= 0, ahead <= slot.ring.pointee.frames / 4 { return index }
    }
    return -1
  }

  /// Orders a region's material into a free ring, or into one that was armed in vain; −1 when all are in use.
  @_noLocks
  mutating func openStream(_ audio: ScheduledAudio, key: UInt64, stamp: UInt64, at place: Int64) -> Int {
    var chosen = -1
    for index in 0..<streams.count {
      let slot = streams.slots[index]
      if slot.use == StreamSlot.free {
        chosen = index
        break
      }
      guard slot.use == StreamSlot.armed, slot.mark < streams.mark else { continue }
      if chosen < 0 || slot.mark < streams.slots[chosen].mark { chosen = index }
    }
    guard chosen >= 0 else { return -1 }
    var order = StreamOrder()
    order.stream = audio.stream
    order.region = key
    order.offset = audio.offset
    order.passFrames = audio.passFrames
    order.passes = audio.passes
    order.base = place
    streams.slots[chosen].stamp = stamp
    streams.slots[chosen].mark = streams.mark
    streams.slots[chosen].place(order)
    return chosen
  }

  @_noLocks
  mutating func freeStream(_ index: Int) {
    streams.slots[index].use = StreamSlot.free
    streams.slots[index].place(StreamOrder())
  }

  /// Frees what the last round of arming did not ask for.
  @_noLocks
  private mutating func sweepStreams() {
    for index in 0..<streams.count where streams.slots[index].use == StreamSlot.armed {
      if streams.slots[index].mark < streams.mark { freeStream(index) }
    }
  }

  // MARK: Heads

  /// The head that holds a frame of a region's material with enough after it to open a stream meanwhile; −1
  /// for none.
  @_noLocks
  func head(for audio: ScheduledAudio, at place: Int64) -> Int {
    guard streams.heads.pointee.count > 0 else { return -1 }
    let frame = audio.offset + place % audio.passFrames
    let entries = streams.heads.pointee.entries
    var low = 0
    var high = streams.heads.pointee.count
    while low < high {
      let middle = (low + high) >> 1
      let entry = entries[middle]
      if entry.stream < audio.stream || (entry.stream == audio.stream && entry.first <= frame) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low > 0, entries[low - 1].stream == audio.stream else { return -1 }
    let entry = entries[low - 1]
    let left = min(entry.first + entry.frames, audio.offset + audio.passFrames) - frame
    let needed = min(streams.leadFrames, audio.frames - place)
    return left >= needed ? low - 1 : -1
  }

  /// Takes a table of heads; the old one goes back when no voice reads it any more.
  @_noLocks
  mutating func take(_ heads: UnsafePointer<StreamHeads>) {
    streams.retiringHeads[streams.retiringHeadCount] = streams.heads.pointee.revision
    streams.retiringHeadCount += 1
    streams.heads = heads
  }

  @_noLocks
  mutating func retireHeads() {
    guard streams.retiringHeadCount > 0 else { return }
    var oldest = streams.heads.pointee.revision
    for index in 0..<voiceCount where voices[index].headLeft != nil {
      oldest = min(oldest, voices[index].headsRevision)
    }
    var kept = 0
    for index in 0..<streams.retiringHeadCount {
      let revision = streams.retiringHeads[index]
      if revision < oldest, notices.turn.slot() >= 0 {
        notify(Notice(kind: .retiredHeads, id: revision, frame: deviceFrame, tick: 0))
      } else {
        streams.retiringHeads[kept] = revision
        kept += 1
      }
    }
    streams.retiringHeadCount = kept
  }
}
