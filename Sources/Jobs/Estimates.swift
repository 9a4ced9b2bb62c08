/// How long jobs take, from those that ended: of a tool on a host, and of the tool anywhere.
package struct Estimates: Sendable {
  private struct Key: Hashable {
    let tool: String
    let host: String?
  }

  /// Milliseconds for one unit of size; the newest weigh most.
  private struct Mean {
    var value: Double
    var count: Int
  }

  private var means: [Key: Mean] = [:]

  /// A newer run weighs at least so much.
  private static let leastWeight = 0.2
  /// Pairs of tool and host that are remembered; further ones are not.
  private static let most = 65_536

  package init() {}

  package mutating func learn(tool: String, host: String, size: Double, milliseconds: Int64) {
    guard size > 0, size.isFinite, milliseconds >= 0 else { return }
    let value = Double(milliseconds) / size
    for key in [Key(tool: tool, host: host), Key(tool: tool, host: nil)] {
      guard var mean = means[key] else {
        if means.count < Self.most { means[key] = Mean(value: value, count: 1) }
        continue
      }
      mean.count += 1
      mean.value += max(Self.leastWeight, 1 / Double(mean.count)) * (value - mean.value)
      means[key] = mean
    }
  }

  /// Milliseconds from start to end; nil when no job of the tool has ended yet. nil for the host: anywhere.
  package func duration(tool: String, host: String?, size: Double) -> Int64? {
    let mean = means[Key(tool: tool, host: host)] ?? means[Key(tool: tool, host: nil)]
    guard let mean else { return nil }
    let product = mean.value * size
    return product.isFinite ? Int64(min(max(product, 0), 1e15)) : nil
  }

  /// Milliseconds that a running job still needs: what history says and what its own pace says, the latter the more
  /// the further it is. nil when neither says anything.
  ///
  /// - Parameter percent: 0…100.
  package static func remaining(elapsed: Int64, percent: Double, usual: Int64?) -> Int64? {
    let part = min(max(percent / 100, 0), 1)
    let byPace = part > 0 ? Double(elapsed) / part : nil
    let total: Double
    switch (byPace, usual) {
    case (let pace?, let usual?):
      // History is an eighth of it at half-way.
      let history = (1 - part) * (1 - part) * (1 - part)
      total = (1 - history) * pace + history * Double(usual)
    case (let pace?, nil): total = pace
    case (nil, let usual?): total = Double(usual)
    case (nil, nil): return nil
    }
    return Int64(max(0, min(total, 1e15) - Double(elapsed)))
  }
}
