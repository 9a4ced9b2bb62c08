import HostClients
import Jobs

/// Where a host that speaks HOOT01 stands.
struct HootAddress: Sendable, Equatable {
  var endpoint: String
  /// Where hootenanny publishes what becomes of jobs; nil when nobody said so.
  var broadcasts: String?

  /// `tcp://HOST:PORT` or `ipc:///PATH`; of hootenanny a second one behind a comma for its broadcasts, which without are
  /// looked for at the port after the first.
  init(_ text: String, _ kind: HostKind) throws(HostFailure) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard text.utf8.count <= HootHostLimits.addressBytes, parts.count == 1 || parts.count == 2,
      parts.count == 1 || kind == .hootenanny, parts.allSatisfy(Self.isEndpoint)
    else {
      throw HostFailure(
        .permanent, "\(Plain.shown(text)) is not a host's address",
        why: kind == .hootenanny
          ? "It is tcp://HOST:PORT or ipc:///PATH, with another behind a comma for the broadcasts."
          : "It is tcp://HOST:PORT or ipc:///PATH.",
        next: kind == .hootenanny
          ? "garden host set NAME --url tcp://127.0.0.1:5580"
          : "garden host set NAME --url ipc:///run/user/1000/hootenanny/musicgen.sock")
    }
    endpoint = parts[0]
    broadcasts = parts.count == 2 ? parts[1] : kind == .hootenanny ? Self.next(parts[0]) : nil
  }

  private static func isEndpoint(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
    if text.hasPrefix("ipc:///") {
      return (2...HootHostLimits.pathBytes).contains(text.utf8.count - 6)
    }
    guard text.hasPrefix("tcp://"), let (host, port) = split(text) else { return false }
    let isNumber = host.hasPrefix("[") && host.hasSuffix("]")
    let letters = Set(
      isNumber
        ? "0123456789abcdefABCDEF:.[]" : "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._")
    return !host.isEmpty && host.allSatisfy { letters.contains($0) } && port > 0
  }

  private static func split(_ endpoint: String) -> (host: Substring, port: UInt16)? {
    let rest = endpoint.dropFirst(6)
    guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]) else {
      return nil
    }
    return (rest[..<colon], port)
  }

  private static func next(_ endpoint: String) -> String? {
    guard endpoint.hasPrefix("tcp://"), let (host, port) = split(endpoint), port < UInt16.max else {
      return nil
    }
    return "tcp://\(host):\(port + 1)"
  }
}
