import CDrivers

/// A sound card, as ALSA knows it.
package struct ALSACard: Sendable, Equatable {
  /// What `audio.device` and ALSA call it: it survives a replug, a number does not.
  package let name: String
  /// For a person.
  package let title: String
  /// What drives it: `USB-Audio`, `HDA-Intel`, …
  package let kind: String

  /// The cards that are there now, in ALSA's order.
  package static var all: [ALSACard] {
    var cards: [ALSACard] = []
    var number: Int32 = -1
    while cards.count < DriverLimits.cards, let card = next(after: &number) { cards.append(card) }
    return cards
  }

  private static func next(after number: inout Int32) -> ALSACard? {
    let empty = [CChar](repeating: 0, count: DriverLimits.cardNameBytes)
    var (name, title, kind) = (empty, empty, empty)
    number = drv_alsa_next_card(number, &name, &title, &kind, Int32(empty.count))
    guard number >= 0 else { return nil }
    func text(_ bytes: [CChar]) -> String {
      String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return ALSACard(name: text(name), title: text(title), kind: text(kind))
  }

  /// ALSA's name for what `audio.device` says: a card's name, that with a comma and the number of its device, or what
  /// stands in ALSA's configuration, with a colon in it or `pcm:` before it. Empty is the first card.
  static func path(of device: String) throws(DriverError) -> String {
    if device.hasPrefix("pcm:") { return try plain(String(device.dropFirst(4)), of: device, "_.-") }
    if let colon = device.firstIndex(of: ":") {
      guard kinds.contains(String(device[..<colon])) else { throw foreign(device) }
      return try plain(device, of: device, "_.-:=,")
    }
    let parts = device.split(separator: ",", omittingEmptySubsequences: false)
    let number = parts.count > 1 ? Int(parts[1]) : 0
    guard parts.count <= 2, let number, DriverLimits.cardDevices.contains(number) else {
      throw DriverError(
        "The card '\(device)' was not opened.",
        why: "After the comma stands the number of its device, \(DriverLimits.cardDevices).",
        next: "garden device ls")
    }
    if let name = parts.first, !name.isEmpty {
      return "hw:CARD=\(try plain(String(name), of: device, "_.-")),DEV=\(number)"
    }
    guard let first = all.first else {
      throw DriverError(
        "No sound card was opened.", why: "ALSA sees none.",
        next: "Plug one in, or play without: chaosgarden --audio timer")
    }
    return "hw:CARD=\(first.name),DEV=\(number)"
  }

  /// What a name with arguments may begin with. Others can do anything: `file` writes wherever its argument says, and a
  /// name in braces is a configuration of its own.
  private static let kinds: Set = [
    "hw", "plughw", "sysdefault", "default", "front", "dmix", "dsnoop", "hdmi", "iec958", "usbstream",
  ]

  private static func plain(
    _ name: String, of device: String, _ marks: String
  ) throws(DriverError) -> String {
    let isPlain = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || marks.utf8.contains(byte)
    }
    guard isPlain, !name.isEmpty else { throw foreign(device) }
    return name
  }

  private static func foreign(_ device: String) -> DriverError {
    DriverError(
      "The card '\(device)' was not opened.",
      why:
        "Before a colon stands one of \(kinds.sorted().joined(separator: ", ")), or pcm with a plain name behind it.",
      next: "garden device ls")
  }

  /// USB delivers in lumps, for which two periods are too few.
  static func periods(at path: String) -> UInt32 {
    all.contains { path.contains("CARD=\($0.name)") && $0.kind == "USB-Audio" } ? 3 : 2
  }
}
