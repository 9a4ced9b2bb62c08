import Glibc
import MusicalTime

extension AutomationLane {
  /// The lane's value at a place, in the parameter's unit.
  package func value(at tick: Tick, of parameter: AutomationParameter) -> Double {
    guard let next = points.firstIndex(where: { $0.tick > tick }) else {
      return points.last?.value ?? parameter.neutral
    }
    guard next > 0 else { return points[0].value }
    let (from, to) = (points[next - 1], points[next])
    let x = Double(tick - from.tick) / Double(to.tick - from.tick)
    let way: Double =
      switch from.shape {
      case .hold: 0
      case .linear: x
      case .exponential: parameter == .gain ? x : x * x
      case .s: (1 - cos(.pi * x)) / 2
      }
    if parameter == .pan || from.shape == .exponential || from.shape == .hold {
      return from.value + (to.value - from.value) * way
    }
    let (a, b) = (Self.amplitude(from.value), Self.amplitude(to.value))
    return Self.decibels(a + (b - a) * way)
  }

  private static func amplitude(_ decibels: Double) -> Double {
    decibels <= silence ? 0 : pow(10, decibels / 20)
  }

  private static func decibels(_ amplitude: Double) -> Double {
    amplitude <= 1e-6 ? silence : max(silence, 20 * log10(amplitude))
  }

  private static let silence = -120.0

  /// Both sides of a cut; the right one counts from there. A point is set on either side of the cut, but in a
  /// curve of which a part is no curve of its kind: there the side keeps the curve's far end.
  func split(at cut: Tick, of parameter: AutomationParameter) -> (AutomationLane, AutomationLane) {
    let value = value(at: cut, of: parameter)
    var left = points.filter { $0.tick < cut }
    var right = points.filter { $0.tick >= cut }
    if let last = left.last, let first = right.first,
      last.keepsItsShapeWhenCut(parameter) || first.tick == cut
    {
      left.append(AutomationPoint(tick: cut, value: last.shape == .hold ? last.value : value))
      if first.tick > cut { right.insert(AutomationPoint(tick: cut, value: value, shape: last.shape), at: 0) }
    } else if let last = left.last, let first = right.first {
      left.append(first)
      right.insert(last, at: 0)
    } else if let last = left.last {
      right = [AutomationPoint(tick: cut, value: last.value)]
    } else if let first = right.first {
      left = [AutomationPoint(tick: 0, value: first.value)]
    }
    for index in right.indices { right[index].tick -= cut }
    return (AutomationLane(left), AutomationLane(right))
  }
}

extension AutomationPoint {
  fileprivate func keepsItsShapeWhenCut(_ parameter: AutomationParameter) -> Bool {
    switch shape {
    case .linear, .hold: true
    case .exponential: parameter == .gain
    case .s: false
    }
  }
}

extension Automation {
  func split(at cut: Tick) -> (Automation, Automation) {
    let gain = gain?.split(at: cut, of: .gain)
    let pan = pan?.split(at: cut, of: .pan)
    return (Automation(gain: gain?.0, pan: pan?.0), Automation(gain: gain?.1, pan: pan?.1))
  }
}
