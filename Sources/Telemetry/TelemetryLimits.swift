/// Every limit of this target, named once.
package enum TelemetryLimits {
  /// Records that wait for the collector; further ones are dropped and counted.
  package static let waiting = 4_096
  /// Records of one request.
  package static let batch = 512
  /// Milliseconds that a record waits for others to go with.
  package static let gatherMilliseconds: Int64 = 1_000
  /// Milliseconds between two looks at all metrics for the collector, and for what `garden status --metrics` shows of
  /// the past.
  package static let metricsMilliseconds: Int64 = 10_000
  /// Seconds for a request to the collector.
  package static let requestSeconds = 10.0
  /// Milliseconds until a collector that did not answer is asked again: doubled each time, up to the second.
  package static let retryMilliseconds: ClosedRange<Int64> = 1_000...60_000
  /// Milliseconds that the daemon's end waits for the last records to be taken.
  package static let endMilliseconds: Int64 = 1_000
  /// Values of a label of a metric; further ones are counted together as `other`.
  package static let labels = 256
  /// Looks at the queue that are kept: an hour.
  package static let history = 360
  /// UTF-8 bytes of the collector's address.
  package static let addressBytes = 2_048
}
