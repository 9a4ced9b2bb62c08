import Jobs

/// When a delivery that failed is tried again: at once, after seconds, then over days, each wait longer by up to a part
/// of chance, so that many that failed together do not come back together. The waits are those that Standard Webhooks
/// recommends.
package struct WebhookSchedule: Sendable, Equatable {
  /// Seconds before the second try and each later one; after the last there is none.
  package var waits: [Double] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
  /// A wait is made longer by up to this part of it, never shorter.
  package var jitter = 0.2

  package init() {}

  /// What follows from a reply, or from none.
  ///
  /// - Parameters:
  ///   - tries: with this one, from 1.
  ///   - end: nil when no reply came.
  func next(
    after tries: Int, status: Int?, retryAfter: String?, at now: JobTime,
    using dice: inout some RandomNumberGenerator
  ) -> WebhookNext {
    if let status, (200...299).contains(status) { return .delivered }
    if status == 410 { return .gone }
    guard tries >= 1, tries <= waits.count else { return .givenUp }
    let wait = waits[tries - 1] * (1 + jitter * Double.random(in: 0..<1, using: &dice))
    let asked = retryAfter.flatMap {
      RetryAfter.seconds($0, now: now, within: WebhookLimits.retryAfterSeconds)
    }
    return .again(at: now.later(Int64(max(wait, asked ?? 0) * 1_000)))
  }
}

enum WebhookNext: Equatable {
  case delivered
  case again(at: JobTime)
  case givenUp
  /// 410: nobody wants anything there any more.
  case gone
}
