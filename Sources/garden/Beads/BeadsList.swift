import HootWire
import Tools

/// A list of tasks: one JSON object a line. What is no task, and every member that is not set, stays as it is, byte for
/// byte: blank lines, lines of other shapes, carriage returns, a missing last line break.
struct BeadsList: Sendable {
  private var lines: [[UInt8]]
  private(set) var issues: [BeadsIssue] = []
  /// Places of issues and of their lines, by id.
  private var places: [String: (issue: Int, line: Int)] = [:]
  /// The last line is cut off: somebody is in the middle of writing it.
  private(set) var isCut = false

  init(_ bytes: [UInt8]) {
    lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    for (number, line) in lines.enumerated() where line.contains(UInt8(ascii: "{")) {
      // What cannot be read is kept, and not done.
      guard let object = try? JSONValue.parse(line), object.object != nil else {
        if number == lines.count - 1 { isCut = true }
        continue
      }
      guard let issue = BeadsIssue(object) else { continue }
      // Of an id that stands twice the last line counts, as in a list that is only ever written behind.
      if let place = places[issue.id] {
        issues[place.issue] = issue
        places[issue.id] = (place.issue, number)
      } else {
        places[issue.id] = (issues.count, number)
        issues.append(issue)
      }
    }
  }

  var bytes: [UInt8] { Array(lines.joined(separator: [0x0A])) }

  func issue(_ id: String) -> BeadsIssue? { places[id].map { issues[$0.issue] } }

  /// Sets members of a task. False when it is not there.
  mutating func set(_ members: [(String, JSONValue)], of id: String) -> Bool {
    guard let place = places[id] else { return false }
    var line = lines[place.line]
    for (key, value) in members { line = JSONSplice.setting(key, to: value, in: line) }
    lines[place.line] = line
    if let object = try? JSONValue.parse(line), let issue = BeadsIssue(object) {
      // It was read before, so it can be read now.
      issues[place.issue] = issue
    }
    return true
  }

  /// What can be done now, the most urgent first, then the oldest, then as they stand.
  func ready(at now: Timestamp) -> [BeadsIssue] {
    let closed = Set(issues.filter { $0.status == "closed" }.map(\.id))
    return issues.enumerated().filter { _, issue in
      issue.status == "open" && issue.blockers.allSatisfy(closed.contains) && !issue.hasUnreadableTime
        && issue.runAt.map { Self.key($0) <= Self.key(now) } ?? true
    }
    .sorted { left, right in
      let (a, b) = (left.element, right.element)
      return (a.priority, Self.key(a.created), left.offset) < (b.priority, Self.key(b.created), right.offset)
    }
    .map(\.element)
  }

  /// When the next task's time comes, of those that are open.
  func nextTime(after now: Timestamp) -> Timestamp? {
    issues.filter { $0.status == "open" }.compactMap(\.runAt).filter { Self.key($0) > Self.key(now) }
      .min { Self.key($0) < Self.key($1) }
  }

  /// Seconds; what has no time comes last.
  private static func key(_ time: Timestamp?) -> Double {
    time.map { Double($0.seconds) + Double($0.nanoseconds) / 1e9 } ?? .infinity
  }
}
