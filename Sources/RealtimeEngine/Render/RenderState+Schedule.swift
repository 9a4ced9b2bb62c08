import MusicalTime

extension RenderState {
  /// Whether a command brings a schedule in which something enters on a line that the playhead has passed: the control
  /// thread was held up, and what enters midway instead would be off the beat.
  @_noLocks
  func misses(_ command: Command) -> Bool {
    guard case .schedule = command.kind, transport.rolling,
      let next = UnsafePointer<Schedule>(bitPattern: command.address)
    else { return false }
    return max(playheadTick(), transport.sequencedTick) > next.pointee.notAfter
  }

  /// Lets a schedule go that was not taken.
  @_noLocks
  mutating func giveBack(_ command: Command) {
    guard let next = UnsafePointer<Schedule>(bitPattern: command.address) else { return }
    retiring.revisions[retiring.count] = next.pointee.revision
    retiring.count += 1
  }

  /// An edit of a session that has been left in the meantime goes back as it came.
  @_noLocks
  mutating func takeIfNewer(_ next: UnsafePointer<Schedule>) {
    guard next.pointee.revision < schedule.pointee.revision else { return take(next) }
    retiring.revisions[retiring.count] = next.pointee.revision
    retiring.count += 1
  }

  /// Replaces the schedule. What sounds and stays the same sounds on; what has gone or moved ends; what now
  /// covers the playhead is entered midway. The musical position is kept whatever the tempo map does.
  @_noLocks
  mutating func take(_ next: UnsafePointer<Schedule>) {
    let old = schedule
    let oldFrame = transport.frame
    let tick = playheadTick()
    let tempoChanged = old.pointee.tempoRevision != next.pointee.tempoRevision
    retiring.revisions[retiring.count] = old.pointee.revision
    retiring.count += 1
    schedule = next
    if tempoChanged {
      transport.anchorTick = tick
      transport.frame = next.pointee.tempo.frame(atTick: tick)
      transport.anchorFrame = transport.frame
    }
    rearmStreams()
    guard transport.rolling else { return }
    rebindPlayers()
    rebindVoices()
    if transport.eventsAhead != 0 {
      // Events have gone around a loop that may be no more.
      endAllPlayers(areCut: true)
      transport.eventsAhead = 0
      transport.sequencedTick = tick
    }
    // Not from the playhead: events up to half a grid block behind it are due on this very line.
    enterMIDI(at: transport.sequencedTick, isSwap: true)
    enterAudio(at: tick, firstFrame: 0, playedBy: old, at: oldFrame)
  }

  @_noLocks
  private mutating func rebindPlayers() {
    var index = 0
    while index < playerCount {
      let region = schedule.pointee.midi.find(start: players[index].start, key: players[index].key)
      if let region, region.pointee.stamp == players[index].stamp {
        let isOther = UInt(bitPattern: players[index].midi.clip) != UInt(bitPattern: region.pointee.midi.clip)
        players[index].region = region
        players[index].end = region.pointee.end
        players[index].midi = region.pointee.midi
        if isOther { takeUp(players + index) }
        blockPointer(of: index)?.pointee.gain.move(to: region.pointee.gain, frames: declickFrames)
        index += 1
      } else {
        endPlayer(index, isCut: true)
      }
    }
  }

  @_noLocks
  private mutating func rebindVoices() {
    for index in 0..<voiceCount where !voices[index].isLeaving {
      let start = voices[index].region.pointee.start
      let region = schedule.pointee.audio.find(start: start, key: voices[index].key)
      guard let region, region.pointee.stamp == voices[index].stamp else {
        leave(voice: index, at: 0)
        continue
      }
      voices[index].region = region
      // What is in memory may have grown, and have moved for that.
      if voices[index].audio.stream == 0, region.pointee.audio.stream == 0 {
        voices[index].audio = region.pointee.audio
      }
      voices[index].lanes = region.pointee.lanes
      if region.pointee.lanes != nil { voices[index].isAutomated = true }
      voices[index].revision = schedule.pointee.revision
      voices[index].gain.move(to: region.pointee.gain, frames: declickFrames)
      let end = schedule.pointee.tempo.frame(atTick: Double(region.pointee.end))
      voices[index].remaining = end - transport.frame
      if voices[index].remaining <= 0 {
        // Cut short behind the playhead: it may use the clip for as long as it fades.
        voices[index].remaining = Int64(declickFrames) + 1
        leave(voice: index, at: 0)
      }
    }
  }

  /// Gives back the schedules whose clips no fading voice reads any more, and those that were never taken: newer ones
  /// than what plays.
  @_noLocks
  mutating func retireSchedules() {
    guard retiring.count > 0 else { return }
    var oldest = schedule.pointee.revision
    for index in 0..<voiceCount { oldest = min(oldest, voices[index].revision) }
    var kept = 0
    for index in 0..<retiring.count {
      let revision = retiring.revisions[index]
      if revision < oldest || revision > schedule.pointee.revision, notices.turn.slot() >= 0 {
        notify(Notice(kind: .retiredSchedule, id: revision, frame: deviceFrame, tick: 0))
      } else {
        retiring.revisions[kept] = revision
        kept += 1
      }
    }
    retiring.count = kept
  }
}
