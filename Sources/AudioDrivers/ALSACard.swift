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
    if device.hasPrefix("pcm:") { return String(device.dropFirst(4)) }
    if device.contains(":") { return device }
    let parts = device.split(separator: ",", omittingEmptySubsequences: false)
    let number = parts.count > 1 ? Int(parts[1]) : 0
    guard parts.count <= 2, let number, DriverLimits.cardDevices.contains(number) else {
      throw DriverError(
        "The card '\(device)' was not opened.",
        why: "After the comma stands the number of its device, \(DriverLimits.cardDevices).",
        next: "garden device ls")
    }
    if let name = parts.first, !name.isEmpty { return "hw:CARD=\(name),DEV=\(number)" }
    guard let first = all.first else {
      throw DriverError(
        "No sound card was opened.", why: "ALSA sees none.",
        next: "Plug one in, or play without: chaosgarden --audio timer")
    }
    return "hw:CARD=\(first.name),DEV=\(number)"
  }

  /// USB delivers in lumps, for which two periods are too few.
  static func periods(at path: String) -> UInt32 {
    all.contains { path.contains("CARD=\($0.name)") && $0.kind == "USB-Audio" } ? 3 : 2
  }
}
