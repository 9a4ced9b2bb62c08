import Glibc

/// Who is at a socket's path. A plain connect tells at once what ZeroMQ would retry in silence.
enum Listener: Equatable {
  case none
  case listening
  case denied(code: Int32)

  static func at(_ path: String) -> Listener {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return .none }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }

    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_NONBLOCK | O_CLOEXEC, 0)
    guard file >= 0 else { return .denied(code: errno) }
    defer { close(file) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    // EAGAIN: the queue of a listener is full, so there is one.
    if result == 0 || errno == EAGAIN { return .listening }
    switch errno {
    case ENOENT, ECONNREFUSED, ENOTDIR, ENOTSOCK, EPROTOTYPE: return .none
    default: return .denied(code: errno)
    }
  }
}
