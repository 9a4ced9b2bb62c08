import CDrivers
import Threading

extension ClockKeeper {
  /// The device's figures while one is there, else the timer's; the counts are of all devices since the start.
  package func status() -> DriverStatus {
    let shown = shown.withLock { $0 }
    guard let baton = shown.baton, let keeper = shown.keeper else {
      return DriverStatus(name: "timer", device: "not started", sampleRate: sampleRate)
    }
    let figures = baton.figures
    var status: DriverStatus
    if let device = shown.device, !figures.is_keeping {
      status = device.status()
    } else {
      status = timerStatus(keeper.figures, shown)
      status.refusal = keeper.refusal.withLock { $0 }
      if let device = shown.device { status.add(counts: device.status()) }
    }
    status.frames = UInt64(max(0, figures.frames))
    shown.earlier.add(to: &status)
    status.add(keeper: keeper.figures)
    status.keeper = keeperStatus(figures, shown)
    return status
  }

  private func timerStatus(_ keeper: drv_keeper_figures, _ shown: Shown) -> DriverStatus {
    var device = "no card, paced by the clock"
    if shown.wanted != "timer" { device += "; looks for \(shown.wanted)" }
    if let away = shown.away { device += ": \(away)" }
    var status = DriverStatus(name: "timer", device: device, sampleRate: sampleRate)
    status.period = Int(keeper.period)
    status.load = keeper.load
    status.thread = keeper.thread
    status.worst = keeper.worst
    status.realtime = drv_thread_is_realtime(keeper.thread)
    status.alive = shown.away == nil
    status.shutdown = shown.away
    return status
  }

  private func keeperStatus(_ figures: drv_baton_figures, _ shown: Shown) -> KeeperStatus {
    KeeperStatus(
      wanted: shown.wanted, isKeeping: figures.is_keeping, away: shown.away, losses: figures.losses,
      returns: figures.returns, resyncs: figures.resyncs, secondsAway: figures.seconds_away,
      framesOff: figures.frames_off, worstFramesOff: figures.worst_off,
      watchdogSeconds: DriverLimits.watchdogSeconds)
  }
}

/// What devices counted that have gone, so that counts only grow.
struct EarlierDevices {
  private var callbacks: UInt64 = 0
  private var lateBlocks: UInt64 = 0
  private var periodChanges: UInt64 = 0
  private var lostFrames: UInt64 = 0
  private var xruns = XrunCounts()

  mutating func add(_ status: DriverStatus) {
    callbacks += status.callbacks
    lateBlocks += status.lateBlocks
    periodChanges += status.periodChanges
    lostFrames += status.lostFrames
    xruns = xruns + status.xrunCauses
  }

  func add(to status: inout DriverStatus) {
    status.callbacks += callbacks
    status.lateBlocks += lateBlocks
    status.periodChanges += periodChanges
    status.lostFrames += lostFrames
    status.xrunCauses = status.xrunCauses + xruns
  }
}

extension DriverStatus {
  mutating func add(counts other: DriverStatus) {
    callbacks += other.callbacks
    lateBlocks += other.lateBlocks
    periodChanges += other.periodChanges
    lostFrames += other.lostFrames
    midiDropped = other.midiDropped
    xrunCauses = xrunCauses + other.xrunCauses
  }

  mutating func add(keeper figures: drv_keeper_figures) {
    callbacks += figures.blocks
    lateBlocks += figures.late_blocks
    lostFrames += figures.lost_frames
    xrunCauses.lateWakeups += figures.late_wakes
  }
}
