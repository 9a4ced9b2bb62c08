import Glibc
import HootWire

/// Why nothing is served at an address.
package struct WebError: Error, Equatable, Sendable {
  /// What failed, why, what to do next.
  package let lines: [String]

  init(_ what: String, _ why: String, _ next: String) { lines = [what, why, next] }
}

/// A listening socket, and who may come by it.
struct WebDoor {
  let descriptor: Int32
  /// Only the daemon's owner can open it: a Unix socket in a folder of his own.
  let isOwners: Bool
  /// As a person types it.
  let place: String
  /// To be removed at the end.
  let path: String?

  /// - Parameter address: an address as numbers, IPv4 or IPv6.
  static func tcp(_ address: String, port: UInt16) throws(WebError) -> WebDoor {
    var (storage, length) = try parsed(address, port)
    let family = Int32(storage.ss_family)
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | flags, 0)
    guard descriptor >= 0 else { throw failure(address, port) }
    var one: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
    // Linux gives it to every connection that is taken here.
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    let isBound = withUnsafePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
    }
    guard isBound, listen(descriptor, 128) == 0 else {
      let error = failure(address, port)
      close(descriptor)
      throw error
    }
    withUnsafeMutablePointer(to: &storage) {
      _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    let bound = withUnsafeBytes(of: storage) {
      UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    }
    let host = family == AF_INET6 ? "[\(address)]" : address
    return WebDoor(descriptor: descriptor, isOwners: false, place: "http://\(host):\(bound)", path: nil)
  }

  /// The socket that a daemon left there that was killed is replaced: who calls holds the folder's lock.
  static func unix(_ path: String) throws(WebError) -> WebDoor {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw WebError(
        "no HTTP at \(path)", "a socket's path has at most 107 bytes",
        "chaosgarden --socket-dir DIR, a shorter one")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0)
    guard descriptor >= 0 else { throw failure(path) }
    unlink(path)
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isBound, chmod(path, 0o600) == 0, listen(descriptor, 128) == 0 else {
      let error = failure(path)
      close(descriptor)
      throw error
    }
    return WebDoor(descriptor: descriptor, isOwners: true, place: path, path: path)
  }

  private static let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

  private static func parsed(_ address: String, _ port: UInt16) throws(WebError) -> (
    sockaddr_storage, socklen_t
  ) {
    var storage = sockaddr_storage()
    var four = sockaddr_in()
    if inet_pton(AF_INET, address, &four.sin_addr) == 1 {
      four.sin_family = sa_family_t(AF_INET)
      four.sin_port = port.bigEndian
      withUnsafeMutableBytes(of: &storage) { target in
        withUnsafeBytes(of: four) { target.copyBytes(from: $0) }
      }
      return (storage, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    var six = sockaddr_in6()
    if inet_pton(AF_INET6, address, &six.sin6_addr) == 1 {
      six.sin6_family = sa_family_t(AF_INET6)
      six.sin6_port = port.bigEndian
      withUnsafeMutableBytes(of: &storage) { target in withUnsafeBytes(of: six) { target.copyBytes(from: $0) }
      }
      return (storage, socklen_t(MemoryLayout<sockaddr_in6>.size))
    }
    throw WebError(
      "http.address is no address", "seen \(JSONValue.string(address).text); numbers are needed",
      "chaosgarden --http-address 127.0.0.1")
  }

  private static func failure(_ address: String, _ port: UInt16) -> WebError {
    let code = errno
    return WebError(
      "no HTTP at \(address):\(port)", String(cString: strerror(code)),
      code == EADDRINUSE
        ? "chaosgarden --http-port 0, for any free one" : "chaosgarden --http-address 127.0.0.1")
  }

  private static func failure(_ path: String) -> WebError {
    WebError("no HTTP at \(path)", String(cString: strerror(errno)), "garden doctor")
  }
}
