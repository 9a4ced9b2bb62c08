/// Takes `text/event-stream` apart (WHATWG HTML, section 9.2): bytes in, whole events out, however they are cut.
struct EventStream {
  struct Event: Equatable {
    var name: String
    var data: [UInt8]
  }

  private var line: [UInt8] = []
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false
  private var sawReturn = false
  /// Lines that are a remark: the host is alive.
  private(set) var remarks = 0

  /// Nil where an event is larger than `HostClientLimits.eventBytes`.
  mutating func take(_ bytes: UnsafeRawBufferPointer) -> [Event]? {
    var events: [Event] = []
    for byte in bytes {
      if byte == 10, sawReturn {
        sawReturn = false
        continue
      }
      sawReturn = byte == 13
      if byte == 10 || byte == 13 {
        if let event = finishLine() { events.append(event) }
      } else {
        guard line.count + data.count < HostClientLimits.eventBytes else { return nil }
        line.append(byte)
      }
    }
    return events
  }

  private mutating func finishLine() -> Event? {
    defer { line.removeAll(keepingCapacity: true) }
    guard !line.isEmpty else {
      defer { (name, data, hasData) = ("", [], false) }
      return hasData ? Event(name: name, data: data) : nil
    }
    guard line[0] != UInt8(ascii: ":") else {
      remarks += 1
      return nil
    }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.count
    var value = line[min(colon + 1, line.count)...]
    if value.first == 32 { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "event": name = String(decoding: value.prefix(64), as: UTF8.self)
    case "data":
      if hasData { data.append(10) }
      data += value
      hasData = true
    default: break
    }
    return nil
  }
}
