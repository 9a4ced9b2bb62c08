import Glibc

enum Machine {
  /// Seconds of a clock that does not jump.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Milliseconds since some moment in 2023, as a job's time.
  static let time: @Sendable () -> Int64 = { 1_700_000_000_000 + Int64(seconds * 1_000) }

  static func quantile(_ values: [Double], _ part: Double) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
  }

  static func milliseconds(_ seconds: Double) -> String { text(seconds * 1_000) + " ms" }

  /// Three digits after the point.
  static func text(_ value: Double) -> String { "\((value * 1_000).rounded() / 1_000)" }
}
