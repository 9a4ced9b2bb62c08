import HootWire

/// Who is let in: the right token or the cookie that it was changed for, and no page of somebody else's.
///
/// A page of any site may make a browser send requests here, and may have its own name lead to this machine (DNS
/// rebinding). So the names that this server goes by are a list, and a page that says where it comes from must come from
/// here.
package struct Gate: Sendable {
  let token: String
  /// What a browser holds in place of the token; another one each time the daemon starts.
  let cookie: String
  /// Further names this server goes by, in lower case.
  let names: Set<String>

  package static let cookieName = "chaosgarden"

  package init(token: String, cookie: String, names: Set<String>) {
    (self.token, self.cookie, self.names) = (token, cookie, names)
  }

  /// What stands in the way of a request; nil when it may pass.
  ///
  /// - Parameters:
  ///   - isPublic: it needs no token.
  ///   - isOwners: it came by a socket that only the daemon's owner can open: that is proof enough.
  func objection(to head: RequestHead, isPublic: Bool, isOwners: Bool) -> Problem? {
    let hosts = head.values("host")
    guard hosts.count == 1 || (hosts.isEmpty && head.isOldVersion) else {
      return Problem(
        400, "bad_host", "the request does not say once for which host it is",
        "seen \(hosts.count) Host headers",
        "send one Host header")
    }
    if let host = hosts.first, !isOurs(host) {
      return Problem(
        403, "foreign_host", "this server does not go by that name",
        "Host is \(String(host.prefix(80))); allowed: localhost, addresses, and the setting http.names",
        "chaosgarden --http-names \(Gate.name(of: host) ?? "NAME")")
    }
    if let objection = foreignPage(head, host: hosts.first ?? "") { return objection }
    if isPublic || isOwners { return nil }
    return stranger(head)
  }

  private func foreignPage(_ head: RequestHead, host: String) -> Problem? {
    for origin in head.values("origin") where origin != "http://\(host)" && origin != "https://\(host)" {
      return Problem(
        403, "foreign_origin", "a page of another site may not ask here",
        "Origin is \(String(origin.prefix(80))); allowed is this server's own", "open http://\(host)/")
    }
    return nil
  }

  private func stranger(_ head: RequestHead) -> Problem? {
    if let bearer = Gate.bearer(head) {
      return Gate.isSame(bearer, token)
        ? nil
        : Problem(
          401, "wrong_token", "the token is not this daemon's",
          "it differs from the one in the daemon's state",
          "garden token"
        ).with("WWW-Authenticate", "Bearer realm=\"chaosgarden\", error=\"invalid_token\"")
    }
    guard let cookie = Gate.cookie(head), Gate.isSame(cookie, self.cookie) else {
      return Problem(
        401, "no_token", "the request brings no token", "Authorization: Bearer TOKEN is needed",
        "garden token"
      ).with("WWW-Authenticate", "Bearer realm=\"chaosgarden\"")
    }
    // A cookie comes along by itself, also from a page of another server on this machine: cookies know no ports.
    let sites = head.values("sec-fetch-site")
    let isRead = head.method == "GET" || head.method == "HEAD"
    guard sites.allSatisfy({ $0 == "same-origin" || $0 == "none" }),
      isRead || !head.values("origin").isEmpty || sites == ["same-origin"]
    else {
      return Problem(
        403, "foreign_origin", "a page of another site may not ask here",
        "the request comes with a cookie and not from a page of this server's", "send the token instead")
    }
    return nil
  }

  private func isOurs(_ host: String) -> Bool {
    guard let name = Gate.name(of: host) else { return false }
    return name == "localhost" || Gate.isAddress(name) || names.contains(name)
  }

  /// The name in `NAME`, `NAME:PORT` or `[ADDRESS]:PORT`, in lower case; nil where it is none.
  static func name(of host: String) -> String? {
    let text = host.lowercased()
    let isPort = { (port: Substring) in
      !port.isEmpty && port.utf8.count <= 5 && port.allSatisfy { ("0"..."9").contains($0) }
    }
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { return nil }
      let rest = text[text.index(after: close)...]
      guard rest.isEmpty || (rest.first == ":" && isPort(rest.dropFirst())) else { return nil }
      return String(text[...close])
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.first, !name.isEmpty, parts.count == 1 || isPort(parts[1]),
      name.utf8.allSatisfy({
        ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
      })
    else { return nil }
    return String(name)
  }

  /// An address leads nowhere else, whoever owns whatever name: rebinding needs a name.
  static func isAddress(_ name: String) -> Bool {
    if name.hasPrefix("[") {
      return name.dropFirst().dropLast().utf8.allSatisfy {
        ($0 >= 0x30 && $0 <= 0x3A) || ($0 >= 0x61 && $0 <= 0x66) || $0 == 0x2E
      }
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in UInt8(part) != nil && part.utf8.count <= 3 && part.first != "+" }
  }

  static func bearer(_ head: RequestHead) -> String? {
    guard let text = head.values("authorization").first, text.utf8.count <= 512 else { return nil }
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
    return String(words[1])
  }

  private static func cookie(_ head: RequestHead) -> String? {
    for header in head.values("cookie") {
      for pair in header.split(separator: ";") {
        let text = pair.drop { $0 == " " }
        if text.hasPrefix("\(cookieName)=") { return String(text.dropFirst(cookieName.count + 1)) }
      }
    }
    return nil
  }

  /// Takes as long whichever byte differs.
  static func isSame(_ seen: String, _ wanted: String) -> Bool {
    let seen = Array(seen.utf8)
    let wanted = Array(wanted.utf8)
    var difference = seen.count ^ wanted.count
    for index in wanted.indices {
      difference |= Int((index < seen.count ? seen[index] : 0) ^ wanted[index])
    }
    return difference == 0 && !wanted.isEmpty
  }
}
