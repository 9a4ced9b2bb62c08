import CDrivers

/// Interruptions by cause. Each is counted once; none rebuilds a stream.
package struct XrunCounts: Sendable, Equatable {
  /// A block of ours took more than half its period of the processor.
  package var own: UInt64 = 0
  /// Our thread was woken too late, and had not worked too long.
  package var lateWakeups: UInt64 = 0
  /// The server or another client: a JACK server tells everybody of everybody's.
  package var others: UInt64 = 0
  /// The card ran dry.
  package var device: UInt64 = 0

  package var total: UInt64 { own + lateWakeups + others + device }

  package static func + (a: XrunCounts, b: XrunCounts) -> XrunCounts {
    XrunCounts(
      own: a.own + b.own, lateWakeups: a.lateWakeups + b.lateWakeups, others: a.others + b.others,
      device: a.device + b.device)
  }
}

extension XrunCounts {
  init(_ figures: drv_figures) {
    // A C array of DRV_XRUN_CAUSES, in the order of the enumeration.
    (own, lateWakeups, others, device) = figures.xruns
  }
}
