/// What is auditioned beside the timeline, and what waits for it to have faded out. Realtime thread.
struct AuditionPlayer: BitwiseCopyable {
  var current: UnsafePointer<Audition>?
  var next: UnsafePointer<Audition>?
  var isEnding = false
  var position: Int64 = 0
  var nextEvent = 0
  var fade = Ramp(1)
  /// Its notes go the way of a region's, on the hidden track.
  var player: UnsafeMutablePointer<MIDIPlayer>

  @_noLocks
  init(player: UnsafeMutablePointer<MIDIPlayer>) { self.player = player }
}

extension RenderState {
  /// Plays something once, in the place of what plays; nil stops.
  @_noLocks
  mutating func audition(_ wanted: UnsafePointer<Audition>?) {
    giveBack(audition: audition.next)
    audition.next = wanted
    guard audition.current != nil else {
      startNextAudition()
      return
    }
    releaseHeld(audition.player)
    audition.isEnding = true
    audition.fade.move(to: 0, frames: declickFrames)
  }

  @_noLocks
  private mutating func startNextAudition() {
    audition.current = audition.next
    audition.next = nil
    audition.isEnding = false
    audition.position = 0
    audition.nextEvent = 0
    audition.fade = Ramp(1)
  }

  /// A grid block of it on the hidden track.
  @_noLocks
  mutating func renderAudition() {
    if audition.isEnding, !audition.fade.isMoving { endAudition() }
    guard let current = audition.current else { return }
    if !audition.isEnding { deliver(current) }
    if current.pointee.audio.passFrames > 0 { addSamples(of: current) }
    audition.position += Int64(EngineLimits.gridFrames)
    if audition.position >= current.pointee.frames, audition.nextEvent >= current.pointee.eventCount,
      !audition.isEnding
    {
      releaseHeld(audition.player)
      endAudition()
    }
  }

  /// At once, and what waits too: behind a closed bus.
  @_noLocks
  mutating func stopAudition() {
    giveBack(audition: audition.next)
    audition.next = nil
    guard audition.current != nil else { return }
    releaseHeld(audition.player)
    endAudition()
  }

  @_noLocks
  private mutating func endAudition() {
    giveBack(audition: audition.current)
    audition.current = nil
    startNextAudition()
  }

  /// Events go to the grid line that is nearest to them.
  @_noLocks
  private mutating func deliver(_ current: UnsafePointer<Audition>) {
    let horizon = audition.position + Int64(EngineLimits.gridFrames / 2)
    while audition.nextEvent < current.pointee.eventCount,
      current.pointee.events[audition.nextEvent].frame < horizon
    {
      send(current.pointee.events[audition.nextEvent].event, of: audition.player)
      audition.nextEvent += 1
    }
  }

  @_noLocks
  private mutating func addSamples(of current: UnsafePointer<Audition>) {
    let audio = current.pointee.audio
    let track = tracks + EngineLimits.auditionStrip
    if audio.isMono { track.pointee.hasMono = true } else { track.pointee.hasStereo = true }
    for index in 0..<EngineLimits.gridFrames {
      let frame = audition.position + Int64(index)
      guard frame < current.pointee.frames else { return }
      let place = Int(audio.offset + (frame + audio.skip) % audio.passFrames)
      let level = current.pointee.gain * audition.fade.next()
      if audio.isMono {
        track.pointee.mono[index] = audio.left[place] * level
      } else {
        track.pointee.left[index] += audio.left[place] * level
        track.pointee.right[index] += audio.right[place] * level
      }
    }
  }

  @_noLocks
  private mutating func giveBack(audition: UnsafePointer<Audition>?) {
    guard let audition else { return }
    notify(
      Notice(
        kind: .retiredAudition, id: 0, frame: deviceFrame, tick: 0, address: UInt(bitPattern: audition)))
  }
}
