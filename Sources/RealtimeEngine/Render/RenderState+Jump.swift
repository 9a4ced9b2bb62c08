import MusicalTime

/// Jumps without a gap: what sounds sounds on until what comes can sound.
extension RenderState {
  /// Puts a jump off when its streams are not ready: its place is read ahead, and `tendJump` makes it. False:
  /// nothing has to be waited for.
  @_noLocks
  mutating func puts(off command: Command, due: Int64) -> Bool {
    guard command.jump & JumpFlags.now == 0 else { return false }
    let target: Double
    switch command.kind {
    case .locate:
      guard transport.rolling, command.tick.isFinite else { return false }
      target = command.tick
      if target >= transport.haltTick { transport.haltTick = .infinity }
    case .play:
      // A count-in is made of clicks, and meanwhile the streams come.
      guard command.value < 1 else { return false }
      guard command.tick.isFinite || !transport.rolling else { return false }
      target = command.tick.isFinite ? command.tick : playheadTick()
    default: return false
    }
    if arm(at: target) { return false }
    let isOvertaken = overtakeJump()
    streams.jump.isWaiting = true
    streams.jump.command = command
    streams.jump.command.dueFrame = due
    if !isOvertaken {
      streams.jump.deadline = deviceFrame + Int64(EngineLimits.jumpWaitSeconds * sampleRate)
    }
    return true
  }

  /// Where the jump that waits goes.
  @_noLocks
  func waitingTick() -> Double {
    let tick = streams.jump.command.tick
    return tick.isFinite ? tick : playheadTick()
  }

  /// Makes the jump that waits when it is ready or its time is up. Once a grid block.
  @_noLocks
  mutating func tendJump() {
    guard streams.jump.isWaiting, panic.isOver else { return }
    guard arm(at: waitingTick()) || deviceFrame >= streams.jump.deadline else { return }
    streams.jump.isWaiting = false
    let command = streams.jump.command
    carryOut(command, due: command.dueFrame)
  }

  /// A later jump takes the place of the one that waits; answers whether there was one.
  @_noLocks
  mutating func overtakeJump() -> Bool {
    guard streams.jump.isWaiting else { return false }
    streams.jump.isWaiting = false
    notify(
      Notice(
        kind: .overtaken, id: streams.jump.command.id, frame: deviceFrame, tick: playheadTick(),
        late: deviceFrame - streams.jump.command.dueFrame))
    return true
  }

  /// Before a command that halts, the jump that waits is made: a halted playhead needs no sound.
  @_noLocks
  mutating func settleJump(before command: Command) {
    guard streams.jump.isWaiting else { return }
    switch command.kind {
    case .pause, .stop, .panic: haltAtJump()
    case .locate: _ = overtakeJump()
    case .play: if command.tick.isFinite || !transport.rolling { _ = overtakeJump() }
    default: break
    }
  }

  @_noLocks
  mutating func haltAtJump() {
    guard streams.jump.isWaiting else { return }
    streams.jump.isWaiting = false
    let tick = waitingTick()
    pauseRolling()
    setPlayhead(tick)
    notifyLanded(streams.jump.command, due: streams.jump.command.dueFrame)
  }
}

/// What `Command.jump` is the sum of.
package enum JumpFlags {
  /// At once, whatever is ready.
  package static var now: UInt8 { @_noLocks get { 1 } }
  /// Start the notes that sound at the place, or do not, whatever the setting says.
  package static var chaseNotes: UInt8 { @_noLocks get { 2 } }
  package static var leaveNotes: UInt8 { @_noLocks get { 4 } }
}
