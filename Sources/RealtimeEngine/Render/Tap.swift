import LockFree

/// Where what one strip adds to the mix is put down, block by block, silence included. Realtime thread.
struct Tap: BitwiseCopyable {
  var strip = 0
  var history: FrameHistory?

  @_noLocks init() {}
}

extension RenderState {
  /// Begins or ends a tap. When this has landed, what was there before is not written to any more.
  @_noLocks
  mutating func tap(_ command: Command) {
    let place = Int(max(0, min(Double(EngineLimits.taps - 1), command.value)))
    let strip = Int(command.track)
    taps[place].history = nil
    guard let history = UnsafePointer<FrameHistory>(bitPattern: command.address) else { return }
    guard strip == EngineLimits.inputStrip || isExtra(strip) || use(track: strip) else {
      report.draft.pointee.commandsIgnored += 1
      return
    }
    // What this block adds is heard when the limiter gives it back.
    history.pointee.begin(at: deviceFrame)
    taps[place].strip = strip
    taps[place].history = history.pointee
  }

  /// The grid block that has just been mixed, behind each strip's fader.
  @_noLocks
  mutating func writeTaps() {
    for place in 0..<EngineLimits.taps {
      guard let history = taps[place].history else { continue }
      if taps[place].strip == EngineLimits.inputStrip {
        write(input.hasBlock, input.blockLeft, input.blockRight, to: history)
      } else {
        let strip = tracks + taps[place].strip
        write(strip.pointee.hasStereo, strip.pointee.left, strip.pointee.right, to: history)
      }
    }
  }

  /// Who had nothing has left what was before.
  @_noLocks
  private func write(
    _ isHeard: Bool, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>,
    to history: FrameHistory
  ) {
    history.write(isHeard ? left : silence, isHeard ? right : silence, frames: EngineLimits.gridFrames)
  }
}
