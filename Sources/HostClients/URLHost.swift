import CCurl

/// The host that curl would connect to for a URL.
enum URLHost {
  case host(String)
  case refused(String)

  static func of(_ url: String) -> URLHost {
    var why: UnsafePointer<CChar>?
    guard let host = ccurl_host(url, &why) else {
      return .refused(why.map { String(cString: $0).lowercased() } ?? "it cannot be read")
    }
    defer { ccurl_free(host) }
    return .host(String(cString: host))
  }
}
