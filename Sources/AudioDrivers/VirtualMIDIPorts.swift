import Glibc
import MIDI
import Threading

/// Ports that a file lists: raw devices, FIFOs and files by a name of one's choice.
///
/// Each line is `in` or `out`, a path or `-` for none, and the name. What an `in` leads to is read as a cable's bytes; to
/// an `out` that is a device or FIFO go a cable's bytes, to any other a line for each message: the frame it is due at and
/// its bytes in hexadecimal.
final class VirtualMIDIPorts: ServedPorts {
  let kind = MIDIPort.Kind.virtual
  private let path: String
  /// Whose sound the messages are to be heard with.
  private let keeper: ClockKeeper?
  /// What a cable gets when its time has come.
  private let waiting = Locked([Waiting]())
  private let links = Locked([Key: Link]())

  private struct Key: Hashable {
    var direction: MIDIPort.Direction
    var slot: Int
  }

  private struct Waiting {
    var bytes: [UInt8]
    var slot: Int
    var nanoseconds: Int64
  }

  private struct Link {
    var name: String
    /// −1 where the port leads nowhere.
    var descriptor: Int32
    var isText: Bool
    var parser = MIDIInputParser()
  }

  struct Entry: Equatable {
    var direction: MIDIPort.Direction
    var path: String?
    var name: String
  }

  init(_ keeper: ClockKeeper?, path: String) {
    self.keeper = keeper
    self.path = path
  }

  deinit {
    let open = links.withLock { links in links.values.map(\.descriptor) }
    for descriptor in open where descriptor >= 0 { close(descriptor) }
  }

  func list() -> [MIDIPort] {
    entries().map { MIDIPort(kind: .virtual, direction: $0.direction, name: $0.name) }
  }

  /// What the file says now; lines that say nothing are left out.
  private func entries() -> [Entry] { Self.entries(ListFile.text(path)) }

  static func entries(_ text: String) -> [Entry] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let direction = MIDIPort.Direction(rawValue: String(words[0])) else {
        return nil
      }
      let name = words[2].drop { $0 == " " }
      guard !name.isEmpty else { return nil }
      return Entry(
        direction: direction, path: words[1] == "-" ? nil : String(words[1]), name: String(name))
    }
  }

  func link(_ direction: MIDIPort.Direction, slot: Int, to name: String) -> Bool {
    let key = Key(direction: direction, slot: slot)
    guard let entry = entries().first(where: { $0.direction == direction && $0.name == name }) else {
      unlink(direction, slot: slot)
      return false
    }
    if links.withLock({ $0[key]?.name }) == name { return true }
    unlink(direction, slot: slot)
    guard let link = Self.opened(entry) else { return false }
    links.withLock { $0[key] = link }
    return true
  }

  private static func opened(_ entry: Entry) -> Link? {
    guard let path = entry.path else { return Link(name: entry.name, descriptor: -1, isText: false) }
    var status = stat()
    let exists = stat(path, &status) == 0
    let kind = exists ? status.st_mode & S_IFMT : S_IFREG
    let isRaw = kind == S_IFIFO || kind == S_IFCHR
    guard isRaw || (entry.direction == .output && kind == S_IFREG) else { return nil }
    // A FIFO is held open both ways: it then waits for its other end instead of being at its end.
    let way =
      kind == S_IFIFO
      ? O_RDWR : entry.direction == .input ? O_RDONLY : isRaw ? O_WRONLY : O_WRONLY | O_CREAT | O_APPEND
    let descriptor = open(path, way | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0o644)
    guard descriptor >= 0 else { return nil }
    return Link(name: entry.name, descriptor: descriptor, isText: !isRaw)
  }

  func unlink(_ direction: MIDIPort.Direction, slot: Int) {
    let key = Key(direction: direction, slot: slot)
    // What waits for a cable that is let go goes out before.
    if direction == .output { tick(.max) }
    let link = links.withLock { $0.removeValue(forKey: key) }
    if let link, link.descriptor >= 0 { close(link.descriptor) }
  }

  func delay(slot: Int) -> Int { keeper?.soundDelay() ?? 0 }

  func post(_ bytes: [UInt8], slot: Int) -> Bool {
    write(bytes, slot: slot, frame: nil)
    return true
  }

  // MARK: The serving thread

  var descriptors: [Int32] {
    links.withLock { links in
      links.filter { $0.key.direction == .input && $0.value.descriptor >= 0 }.map(\.value.descriptor)
    }
  }

  func receive(_ take: (Int, MIDIBytes?) -> Void) {
    let came = links.withLock { links -> [(Int, MIDIBytes?)] in
      var came: [(Int, MIDIBytes?)] = []
      for key in links.keys.sorted(by: { $0.slot < $1.slot }) where key.direction == .input {
        guard var link = links[key], link.descriptor >= 0 else { continue }
        came += Self.read(&link).map { (key.slot, $0) }
        links[key] = link
      }
      return came
    }
    for (slot, message) in came { take(slot, message) }
  }

  /// Reading from what does not block does not wait.
  private static func read(_ link: inout Link) -> [MIDIBytes?] {
    var bytes = [UInt8](repeating: 0, count: 256)
    let descriptor = link.descriptor
    let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else {
      // A device that was pulled out is opened again when it is back.
      if count == 0 || (errno != EAGAIN && errno != EINTR) {
        close(descriptor)
        link.descriptor = -1
        link.name = ""
      }
      return []
    }
    var messages: [MIDIBytes?] = []
    for byte in bytes[..<count] {
      switch link.parser.take(byte) {
      case .short(let message): messages.append(MIDIBytes(message))
      case .long: messages.append(nil)
      case nil: continue
      }
    }
    return messages
  }

  func send(_ message: MIDIBytes, slot: Int, frame: Int64, nanoseconds: Int64) {
    let isText = links.withLock { $0[Key(direction: .output, slot: slot)]?.isText ?? true }
    guard !isText else { return write(message.array, slot: slot, frame: frame) }
    waiting.withLock { waiting in
      // What is to go out at once goes behind what waits.
      let last = waiting.last { $0.slot == slot }?.nanoseconds ?? 0
      waiting.append(Waiting(bytes: message.array, slot: slot, nanoseconds: max(last, nanoseconds)))
    }
  }

  func tick(_ nanoseconds: Int64) {
    let due = waiting.withLock { waiting in
      let due = waiting.filter { $0.nanoseconds <= nanoseconds }
      waiting.removeAll { $0.nanoseconds <= nanoseconds }
      return due
    }
    for one in due { write(one.bytes, slot: one.slot, frame: nil) }
  }

  private func write(_ bytes: [UInt8], slot: Int, frame: Int64?) {
    links.withLock { links in
      guard let link = links[Key(direction: .output, slot: slot)], link.descriptor >= 0 else { return }
      var out = bytes
      if link.isText {
        let hex = bytes.map { byte -> String in
          let digits = String(byte, radix: 16)
          return digits.count == 1 ? "0" + digits : digits
        }
        let when = frame.map { $0 == .min ? "now" : String($0) } ?? "now"
        out = Array("\(when) \(hex.joined(separator: " "))\n".utf8)
      }
      // What a full FIFO or disk does not take is lost to that port alone.
      _ = out.withUnsafeBytes { Glibc.write(link.descriptor, $0.baseAddress, $0.count) }
    }
  }
}

extension MIDIBytes {
  init(_ message: MIDIShortMessage) {
    self.init(
      count: UInt8(message.count), status: message.status, data1: message.data1, data2: message.data2)
  }
}
