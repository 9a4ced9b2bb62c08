import Glibc

/// What a service manager is told, by the protocol of sd_notify(3): that the daemon plays and answers, that it stops, and
/// again and again that the audio thread goes on. A control thread that lives while the device stands still says nothing,
/// and is restarted. Control thread; waits for nothing. Without NOTIFY_SOCKET it does nothing.
struct ServiceNotice {
  private let socket: Int32
  private var address = sockaddr_un()
  private var length: socklen_t = 0
  private var isReady = false
  private var lastFrame: Int64 = 0
  /// Between two words of the watchdog: a third of what the manager waits for one.
  private let pause: Duration?
  private var next = ContinuousClock.now

  init() {
    let path = getenv("NOTIFY_SOCKET").map { Array(String(cString: $0).utf8) } ?? []
    pause = Self.watchdogPause
    var address = sockaddr_un()
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard path.first == UInt8(ascii: "/") || path.first == UInt8(ascii: "@"), path.count > 1,
      path.count < room
    else {
      socket = -1
      return
    }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    // An abstract name begins with a zero.
    if path[0] == UInt8(ascii: "@") { address.sun_path.0 = 0 }
    let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
    (self.address, length) = (address, socklen_t(start + path.count))
    socket = Glibc.socket(
      AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
  }

  /// WATCHDOG_USEC counts only for the process that WATCHDOG_PID names.
  private static var watchdogPause: Duration? {
    if let owner = getenv("WATCHDOG_PID"), pid_t(String(cString: owner)) != getpid() { return nil }
    guard let text = getenv("WATCHDOG_USEC"), let time = Int64(String(cString: text)), time > 0 else {
      return nil
    }
    return .microseconds(max(1, time / 3))
  }

  /// After each round of the control thread.
  ///
  /// - Parameter frame: how far the device is.
  mutating func tend(_ frame: Int64) {
    guard socket >= 0, frame != lastFrame else { return }
    if !isReady {
      isReady = true
      tell("READY=1\nSTATUS=plays and answers")
    }
    guard let pause, ContinuousClock.now >= next else { return }
    next = .now + pause
    lastFrame = frame
    tell("WATCHDOG=1")
  }

  /// Lines of NAME=VALUE. A manager that does not take them is not waited for.
  func tell(_ words: String) {
    guard socket >= 0 else { return }
    var address = address
    let bytes = Array(words.utf8)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
      }
    }
  }
}
