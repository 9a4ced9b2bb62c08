/// Which addresses a URL that somebody else chose may lead to: those of the internet at large, and what the configuration
/// adds. It is asked about every address right before it is connected to, whatever name led there.
package struct AddressRule: Sendable, Equatable {
  /// Every address there is.
  package var allowsAll = false
  package private(set) var networks: [Network] = []

  package struct Network: Sendable, Equatable {
    var address: PeerAddress
    var bits: Int

    /// `10.1.0.0/16`, `fd00::/8` or an address alone.
    package init?(_ text: String) {
      let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard let address = PeerAddress(text: String(parts[0])) else { return nil }
      let most = address.bytes.count * 8
      var bits = most
      if parts.count == 2 {
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let given = Int(parts[1]),
          (0...most).contains(given)
        else { return nil }
        bits = given
      }
      self.address = address
      self.bits = bits
    }

    func holds(_ other: PeerAddress) -> Bool {
      other.bytes.count == address.bytes.count && PeerAddress.isWithin(other.bytes, address.bytes, bits)
    }
  }

  package init(allowsAll: Bool = false, networks: [Network] = []) {
    self.allowsAll = allowsAll
    self.networks = networks
  }

  /// Nil when it may be connected to.
  package func refusal(_ address: PeerAddress) -> String? {
    guard !allowsAll, let special = address.special, !networks.contains(where: { $0.holds(address) }) else {
      return nil
    }
    return "\(address.text) is \(special)"
  }

  /// Why a URL cannot be posted to, as far as it says so itself: a name is looked up only when it is connected to. Nil
  /// when it can. It is read by the same code that connects, so that both see the same host.
  package func refusal(url: String) -> String? {
    guard url.utf8.count <= HostClientLimits.urlBytes else {
      return "it has \(url.utf8.count) bytes, allowed are \(HostClientLimits.urlBytes)"
    }
    guard !url.isEmpty, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !url.contains("\\") else {
      return "it has characters that no URL has"
    }
    switch URLHost.of(url) {
    case .refused(let why): return why
    case .host(let host):
      if let address = PeerAddress(text: host) { return refusal(address) }
      var name = host.lowercased()
      while name.hasSuffix(".") { name.removeLast() }
      guard !name.isEmpty else { return "it names no host" }
      let isHere = name == "localhost" || name.hasSuffix(".localhost")
      return isHere
        ? PeerAddress(text: "127.0.0.1").flatMap { refusal($0) }.map { _ in "\(name) is loopback" } : nil
    }
  }
}
