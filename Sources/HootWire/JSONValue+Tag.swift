extension JSONValue {
  /// A word that differs when the value does: what a client shows to say which state it has seen (RFC 9110, 8.8.3).
  ///
  /// FNV-1a over the text; it guards against mistakes, not against somebody who wants two states to look alike.
  ///
  /// - Parameter measured: members of the object that are left out: they differ each time they are looked at.
  package func entityTag(without measured: Set<String> = []) -> String {
    let kept = object.map { object in
      JSONValue.object(
        JSONObject(object.members.filter { !measured.contains($0.key) }.map { ($0.key, $0.value) }))
    }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in (kept ?? self).encode() { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return "\"" + String(repeating: "0", count: 16 - digits.count) + digits + "\""
  }

  /// What is measured of a track, bus or region, and is no part of what an edit changes.
  package static let measuredMembers: Set<String> = ["peak_db", "rms_db", "voices", "progress"]
}
