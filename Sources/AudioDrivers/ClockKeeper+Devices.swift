import CDrivers
import Glibc
import RealtimeEngine
import Threading

extension ClockKeeper {
  /// One look after the device. The supervisor's thread, except for the first loan.
  func supervise() {
    supervised.withLock { supervised in
      noteTurns(&supervised)
      guard let device = supervised.device else { return lookForDevice(&supervised) }
      guard !device.isBeyondReturn() else { return drop(device, &supervised) }
      tend(device, &supervised)
    }
  }

  private func tend(_ device: any Device, _ supervised: inout Supervised) {
    guard let refusal = device.tend(&supervised.memory) else { return }
    shown.withLock { $0.add(.unconnected(refusal)) }
  }

  func lendFirst() throws(DriverError) {
    try supervised.withLock { supervised throws(DriverError) in
      guard let device = supervised.device else { return }
      supervised.device = nil
      try lend(to: device, &supervised)
      awaitFirstBlock(&supervised)
    }
  }

  /// Moves to another device, or to the same one at other wishes. Waits until it plays, so that it can be asked for its
  /// period; a few seconds at most.
  ///
  /// - Throws: when it is not to be had. Then the one before is looked for again, and the timer drives meanwhile.
  package func use(_ name: String, _ wishes: DriverWishes) throws(DriverError) {
    try supervised.withLock { supervised throws(DriverError) in
      let before = (supervised.name, supervised.wishes)
      let period = try TimerDriver.checked(period: wishes.period)
      guard DriverChoice.names.contains(name) else { throw DriverChoice.unknown(name) }
      // A process belongs to one JACK server at a time, so the old client goes before the new one comes.
      if let device = supervised.device { release(device, &supervised) }
      supervised.lookAgain = .now
      supervised.retry = DriverLimits.firstRetry
      supervised.wishes = wishes
      // Who asks for a device by hand and has no connection wants the usual ones.
      if supervised.memory.isEmpty { supervised.memory = ConnectionMemory() }
      do throws(DriverError) {
        if let device = try DriverChoice.device(name, wishes) { try lend(to: device, &supervised) }
      } catch {
        supervised.wishes = before.1
        // The one that was let go comes back by itself, which is no news either.
        supervised.losses = supervised.baton?.figures.losses ?? 0
        supervised.returns = supervised.losses
        throw error
      }
      try supervised.keeper?.setPeriod(period)
      supervised.name = name
      shown.withLock {
        $0.wanted = name
        $0.away = nil
      }
      awaitFirstBlock(&supervised)
    }
  }

  /// The device is let go on purpose: neither that nor its successor's coming is news.
  private func release(_ device: any Device, _ supervised: inout Supervised) {
    hide(device)
    device.stop()
    supervised.device = nil
    supervised.memory.lose()
    // The keeper notices the end within a few milliseconds.
    func isNoticed() -> Bool {
      guard let figures = supervised.baton?.figures else { return true }
      return figures.is_keeping && !figures.is_resyncing
    }
    for _ in 0..<100 where !isNoticed() { usleep(2_000) }
  }

  private func awaitFirstBlock(_ supervised: inout Supervised) {
    let deadline = ContinuousClock.now + DriverLimits.firstBlock
    while let device = supervised.device, device.status().callbacks == 0 || isKeeping(supervised),
      .now < deadline
    { usleep(5_000) }
    supervised.losses = supervised.baton?.figures.losses ?? 0
    supervised.returns = supervised.baton?.figures.returns ?? 0
  }

  private func isKeeping(_ supervised: Supervised) -> Bool { supervised.baton?.figures.is_keeping ?? false }

  private func lend(to device: any Device, _ supervised: inout Supervised) throws(DriverError) {
    guard let baton = supervised.baton else { return }
    try device.start(on: baton)
    supervised.device = device
    tend(device, &supervised)
    supervised.retry = DriverLimits.firstRetry
    shown.withLock { $0.device = device }
  }

  /// Cheap, and less often the longer nothing is there.
  private func lookForDevice(_ supervised: inout Supervised) {
    guard supervised.name != "timer", .now >= supervised.lookAgain else { return }
    do {
      if let device = try DriverChoice.device(supervised.name, supervised.wishes) {
        return try lend(to: device, &supervised)
      }
    } catch {
      // Not there yet; the status tells for how long and why.
    }
    supervised.retry = min(supervised.retry * 2, DriverLimits.lastRetry)
    supervised.lookAgain = .now + supervised.retry
  }

  private func drop(_ device: any Device, _ supervised: inout Supervised) {
    let reason = device.status().shutdown ?? "it does not call any more"
    shown.withLock { if $0.away == nil { $0.away = reason } }
    hide(device)
    device.stop()
    supervised.device = nil
    supervised.memory.lose()
    supervised.lookAgain = .now
    supervised.retry = DriverLimits.firstRetry
  }

  /// From now on nobody asks it, however long its end takes; what it counted stays.
  private func hide(_ device: any Device) {
    let status = device.status()
    shown.withLock { shown in
      shown.earlier.add(status)
      shown.device = nil
    }
  }

  /// Turns what the baton counted into events.
  private func noteTurns(_ supervised: inout Supervised) {
    guard let figures = supervised.baton?.figures else { return }
    let watchdog = Int(DriverLimits.watchdogSeconds * 1000)
    if figures.losses > supervised.losses {
      let reason = supervised.device?.status().shutdown ?? "the device has not called for \(watchdog) ms"
      shown.withLock {
        $0.away = reason
        $0.add(.lost(reason: reason))
      }
    }
    if figures.returns > supervised.returns {
      shown.withLock {
        $0.away = nil
        $0.add(.back(secondsAway: figures.seconds_away))
      }
    }
    supervised.losses = figures.losses
    supervised.returns = max(supervised.returns, figures.returns)
  }
}
