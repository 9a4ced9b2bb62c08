import Glibc

/// The few bytes of Open Sound Control that scsynth is asked with.
enum OSC {
  enum Argument {
    case int(Int32)
    case float(Float)
    case text(String)
    case blob([UInt8])
  }

  static func message(_ address: String, _ arguments: [Argument] = []) -> [UInt8] {
    var tags = ","
    var body: [UInt8] = []
    for argument in arguments {
      switch argument {
      case .int(let value):
        tags += "i"
        body += bigEndian(UInt32(bitPattern: value))
      case .float(let value):
        tags += "f"
        body += bigEndian(value.bitPattern)
      case .text(let value):
        tags += "s"
        body += padded(Array(value.utf8) + [0])
      case .blob(let value):
        tags += "b"
        body += bigEndian(UInt32(value.count)) + padded(value)
      }
    }
    return padded(Array(address.utf8) + [0]) + padded(Array(tags.utf8) + [0]) + body
  }

  /// A message to be obeyed at a time, in seconds since 1970.
  static func bundle(at time: Double, _ message: [UInt8]) -> [UInt8] {
    // NTP counts from 1900.
    let seconds = time + 2_208_988_800
    let fraction = (seconds - seconds.rounded(.down)) * 4_294_967_296
    return padded(Array("#bundle".utf8) + [0]) + bigEndian(UInt32(seconds.rounded(.down)))
      + bigEndian(UInt32(min(fraction, 4_294_967_295))) + bigEndian(UInt32(message.count)) + message
  }

  static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
  }
}

/// A UDP socket to a program on this machine.
final class Datagrams {
  private let descriptor: Int32

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard descriptor >= 0, connected == 0 else { throw SceneFailure("no UDP socket: \(errno)") }
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, 0) }

  /// Nil when nothing comes in time, or nobody listens.
  func receive(seconds: Double) -> [UInt8]? {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, Int32(seconds * 1000)) > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? Array(bytes[..<count]) : nil
  }
}
