import Glibc

/// Why a key could not be read or made. Nothing was changed.
package struct KeyError: Error, Equatable, Sendable {
  package enum Kind: Equatable, Sendable { case missing, unsafe, badKey, exists, cannotWrite, badName }
  package let kind: Kind
  /// What failed, why, and what to type next.
  package let lines: [String]

  init(_ kind: Kind, _ what: String, _ why: String, _ next: String) {
    self.kind = kind
    lines = [what, why, next]
  }
}

/// The daemon's key pair, and the public keys of those who may come in by TCP: `server.secret`, `server.public` and
/// `clients/NAME.public`, each a line of Z85.
package struct KeyFolder: Equatable, Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// `$XDG_CONFIG_HOME/chaosgarden/keys`.
  package init(environment: [String: String]) {
    let config = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    self.init(path: (config ?? (environment["HOME"] ?? "/") + "/.config") + "/chaosgarden/keys")
  }

  private var secretPath: String { path + "/server.secret" }
  package var publicPath: String { path + "/server.public" }
  package var clientsPath: String { path + "/clients" }

  /// What protects TCP with these keys; refused without a pair, or where others can read the secret half.
  package func guardian() throws(KeyError) -> NetworkGuard {
    var info = stat()
    guard stat(secretPath, &info) == 0 else {
      throw KeyError(
        .missing, "there is no key pair for this daemon",
        "\(secretPath): \(String(cString: strerror(errno)))",
        "garden key new")
    }
    guard info.st_mode & 0o077 == 0 else {
      throw KeyError(
        .unsafe, "the daemon's secret key is not secret", "\(secretPath) can be read by others",
        "chmod 600 \(secretPath)")
    }
    return .keys(secret: try key(secretPath), allowed: Set(try clients().map(\.key)))
  }

  package func serverKey() throws(KeyError) -> CurveKey { try key(publicPath) }

  /// Those who may come in, by name.
  package func clients() throws(KeyError) -> [(name: String, key: CurveKey)] {
    guard let stream = opendir(clientsPath) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream), names.count < SocketLimits.clientKeys {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".public") { names.append(String(name.dropLast(7))) }
    }
    var clients: [(name: String, key: CurveKey)] = []
    for name in names.sorted() { clients.append((name, try key("\(clientsPath)/\(name).public"))) }
    return clients
  }

  /// Makes the daemon's pair; answers its public half.
  package func makeServer(overwrites: Bool) throws(KeyError) -> CurveKey {
    let pair = try Self.pair()
    makeFolders()
    if overwrites { unlink(secretPath) }
    try write(pair.secret, secretPath, 0o600)
    unlink(publicPath)
    try write(pair.public, publicPath, 0o644)
    return pair.public
  }

  /// Makes a pair for a client and lets it in. The secret half is told once and kept nowhere.
  package func makeClient(_ name: String) throws(KeyError) -> (public: CurveKey, secret: CurveKey) {
    let isName = (1...64).contains(name.utf8.count) && !name.hasPrefix(".")
    guard isName, name.utf8.allSatisfy({ Self.isWord($0) }) else {
      throw KeyError(
        .badName, "that is no name for a key",
        "it wants 1 to 64 letters, digits, dots, dashes and underscores",
        "garden key new laptop")
    }
    let pair = try Self.pair()
    makeFolders()
    try write(pair.public, "\(clientsPath)/\(name).public", 0o644)
    return pair
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func pair() throws(KeyError) -> (public: CurveKey, secret: CurveKey) {
    guard let pair = CurveKey.pair() else {
      throw KeyError(
        .cannotWrite, "no key can be made", "this libzmq was built without CURVE", "garden doctor")
    }
    return pair
  }

  /// What cannot be made shows when a key is written.
  private func makeFolders() {
    var made = ""
    for step in clientsPath.split(separator: "/") {
      made += "/\(step)"
      mkdir(made, 0o700)
    }
  }

  private func key(_ path: String) throws(KeyError) -> CurveKey {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw KeyError(
        .missing, "\(path) could not be read", String(cString: strerror(errno)), "garden key new")
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    guard let key = CurveKey(String(text.prefix { !$0.isWhitespace })) else {
      throw KeyError(.badKey, "\(path) is no key", "it wants 40 characters of Z85", "garden key new")
    }
    return key
  }

  private func write(_ key: CurveKey, _ path: String, _ mode: mode_t) throws(KeyError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      guard errno == EEXIST else {
        throw KeyError(
          .cannotWrite, "\(path) could not be written", String(cString: strerror(errno)), "df -h")
      }
      throw KeyError(
        .exists, "\(path) is there already", "whoever uses that key would be shut out", "garden key ls")
    }
    let bytes = Array("\(key.text)\n".utf8)
    let written = Glibc.write(descriptor, bytes, bytes.count)
    let isSynced = fsync(descriptor) == 0
    close(descriptor)
    guard written == bytes.count, isSynced else {
      unlink(path)
      throw KeyError(.cannotWrite, "\(path) could not be written", "the disk may be full", "df -h")
    }
  }
}
