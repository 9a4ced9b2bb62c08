import Foundation
import Glibc

/// What the system has counted of a process's thread.
package struct ThreadCounts: Sendable {
  package var voluntarySwitches: Int64
  package var minorFaults: Int64
  package var majorFaults: Int64

  package static func - (later: ThreadCounts, earlier: ThreadCounts) -> ThreadCounts {
    ThreadCounts(
      voluntarySwitches: later.voluntarySwitches - earlier.voluntarySwitches,
      minorFaults: later.minorFaults - earlier.minorFaults,
      majorFaults: later.majorFaults - earlier.majorFaults)
  }

  /// Nil when there is no such thread.
  package init?(process: pid_t, thread: pid_t) {
    let folder = "/proc/\(process)/task/\(thread)"
    guard let status = Self.text("\(folder)/status"), let stat = Self.fields("\(folder)/stat"),
      stat.count > 40
    else { return nil }
    let lines = status.split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("voluntary_ctxt_switches:") }),
      let switches = line.split(separator: "\t").last.flatMap({ Int64($0) }), let minor = Int64(stat[7]),
      let major = Int64(stat[9])
    else { return nil }
    voluntarySwitches = switches
    minorFaults = minor
    majorFaults = major
  }

  private init(voluntarySwitches: Int64, minorFaults: Int64, majorFaults: Int64) {
    self.voluntarySwitches = voluntarySwitches
    self.minorFaults = minorFaults
    self.majorFaults = majorFaults
  }

  /// The fields of a `stat` from the third, the state, on: a program's name may hold blanks.
  private static func fields(_ path: String) -> [Substring]? {
    guard let text = text(path), let end = text.lastIndex(of: ")") else { return nil }
    return text[text.index(after: end)...].split(separator: " ")
  }

  private static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Kilobytes of a process that are in memory, or nil when it is gone.
package func residentKilobytes(of process: pid_t) -> Int64? {
  let status = FileManager.default.contents(atPath: "/proc/\(process)/status")
    .map { String(decoding: $0, as: UTF8.self) }
  let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
  return line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
}
