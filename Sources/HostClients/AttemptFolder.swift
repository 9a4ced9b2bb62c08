import FoundationEssentials
import Glibc
import Jobs

/// A folder that one attempt of a job has to itself: what two of them write under one name does not meet. A thread that
/// may wait for a disk.
struct AttemptFolder: Sendable {
  let path: String

  static func made(in folder: String, for call: HostCall) throws(HostFailure) -> AttemptFolder {
    let made = AttemptFolder(path: "\(folder)/\(call.job.text)-\(call.epoch).d")
    // A daemon that was killed in this very attempt may have left one.
    made.remove()
    guard mkdir(made.path, 0o700) == 0 else {
      throw HostFailure(
        .retryable, "\(call.tool) was not begun", why: "\(made.path): \(String(cString: strerror(errno))).",
        next: "df -h \(folder)")
    }
    return made
  }

  /// With all that is in it.
  func remove() {
    guard access(path, F_OK) == 0 else { return }
    // What cannot be removed is removed when the daemon starts anew.
    try? FileManager.default.removeItem(atPath: path)
  }
}
