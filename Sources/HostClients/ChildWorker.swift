import Glibc
import Threading

/// The one thread that starts children, feeds and hears them, and ends them: each with its whole process group, and none
/// is left behind as a zombie.
///
/// Talks to `CommandHostClient` and `BuiltinHostClient`: orders in by mailbox, news out by the order's own closures.
package final class ChildWorker: Sendable {
  /// A child to be started. `began` hears that it was, `talk` gets each line of standard error, `line` each of standard
  /// output where the first says that it is a stream.
  struct Order: Sendable {
    var wish: ChildWish
    var began: @Sendable () -> Void = {}
    var talk: @Sendable (String) -> Void
    var line: (@Sendable ([UInt8]) -> Void)?
    var end: @Sendable (ChildEnd) -> Void
  }

  let desk: CallDesk<Order>
  private let thread: OwnedThread

  package init() throws(ThreadingError) {
    let desk = try CallDesk<Order>()
    self.desk = desk
    thread = try OwnedThread(name: "garden-children") {
      var loop = ChildLoop(desk: desk)
      loop.run()
    }
  }

  /// Ends every child and the thread; calls that waited end as cancelled.
  package func stop() {
    desk.stop()
    thread.join()
  }
}

/// How a child ended.
struct ChildEnd: Sendable {
  enum Cause: Sendable {
    case exited(Int32)
    case notStarted(String)
    /// It was ended from here; the sentence says at which limit.
    case limit(String, isTime: Bool)
    case cancelled
  }

  var cause: Cause
  /// All that it printed; of a stream what stands behind its last whole line.
  var output: [UInt8] = []
  var isStream = false
  /// The end of what it said on standard error.
  var talk = ""
}

/// What the worker's thread owns.
private struct ChildLoop {
  private struct Entry {
    var child: BoundedChild
    var wish: ChildWish
    var fed = 0
    var end = ChildEnd(cause: .exited(0))
    var began: Double
    var heard: Double
    /// Why it is being ended, and when its group was asked to.
    var stop: (cause: ChildEnd.Cause, at: Double)?
    var line: [UInt8] = []
    /// Bytes of lines that have been handed on.
    var handed = 0
    /// How much of the output is known to have no line's end in it.
    var searched = 0
    let talk: @Sendable (String) -> Void
    let handLine: (@Sendable ([UInt8]) -> Void)?
    let report: @Sendable (ChildEnd) -> Void
  }

  let desk: CallDesk<ChildWorker.Order>
  private var entries: [UInt64: Entry] = [:]
  private var isStopping = false
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  init(desk: CallDesk<ChildWorker.Order>) { self.desk = desk }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  mutating func run() {
    ignoreBrokenPipes()
    while !isStopping {
      take(desk.take())
      for id in Array(entries.keys) { turn(id) }
      if !isStopping { wait() }
    }
    for id in Array(entries.keys) { finish(id, .cancelled) }
  }

  private mutating func take(_ orders: CallDesk<ChildWorker.Order>.Orders) {
    isStopping = orders.isStopping
    for (id, order) in orders.calls {
      let isWanted = !isStopping && !orders.cancelled.contains(id)
      if isWanted { start(id, order) } else { order.end(ChildEnd(cause: .cancelled)) }
    }
    for id in orders.cancelled { ask(id, .cancelled) }
  }

  private mutating func start(_ id: UInt64, _ order: ChildWorker.Order) {
    guard entries.count < HostClientLimits.children else {
      return order.end(ChildEnd(cause: .notStarted("\(HostClientLimits.children) children run already.")))
    }
    switch BoundedChild.start(order.wish) {
    case .failure(let problem):
      order.end(ChildEnd(cause: .notStarted("\(order.wish.arguments.first ?? ""): \(problem.text).")))
    case .success(let child):
      order.began()
      let now = Self.now()
      entries[id] = Entry(
        child: child, wish: order.wish, began: now, heard: now, talk: order.talk, handLine: order.line,
        report: order.end)
    }
  }

  /// Asks the group to end; a while later it is ended.
  private mutating func ask(_ id: UInt64, _ cause: ChildEnd.Cause) {
    guard entries[id] != nil, entries[id]?.stop == nil else { return }
    entries[id]?.stop = (cause, Self.now())
    entries[id]?.child.signal(SIGTERM)
  }

  private func wait() {
    var interests = [pollfd(fd: desk.descriptor, events: Int16(POLLIN), revents: 0)]
    for entry in entries.values {
      // A negative descriptor is passed over.
      interests.append(pollfd(fd: entry.child.output, events: Int16(POLLIN), revents: 0))
      interests.append(pollfd(fd: entry.child.talk, events: Int16(POLLIN), revents: 0))
      interests.append(pollfd(fd: entry.child.input, events: Int16(POLLOUT), revents: 0))
    }
    // Nothing wakes a poll when a child has ended; its pipes do, as a rule.
    poll(&interests, nfds_t(interests.count), entries.isEmpty ? -1 : 20)
  }

  /// Feeds and hears one child, and looks after its limits.
  private mutating func turn(_ id: UInt64) {
    guard var entry = entries.removeValue(forKey: id) else { return }
    feed(&entry)
    // Looked at before its pipes are read to their end, so that nothing it wrote is missed.
    let hasEnded = entry.child.hasEnded
    hear(&entry)
    let now = Self.now()
    entries[id] = entry
    if hasEnded { return finish(id, entry.stop?.cause) }
    if let stop = entry.stop {
      if now - stop.at > HostClientLimits.endSeconds { finish(id, stop.cause) }
    } else if now - entry.began > entry.wish.total {
      ask(id, .limit("It has not ended after \(entry.wish.total) s, the limit.", isTime: true))
    } else if let silence = entry.wish.silence, now - entry.heard > silence {
      ask(id, .limit("Nothing came for \(silence) s, the limit.", isTime: true))
    } else if entry.handed + entry.end.output.count > entry.wish.outputBytes {
      ask(id, .limit("It prints more than \(entry.wish.outputBytes) bytes, the limit.", isTime: false))
    }
  }

  private func feed(_ entry: inout Entry) {
    while entry.child.input >= 0 {
      guard entry.fed < entry.wish.input.count else { return entry.child.close(.input) }
      let count = entry.wish.input.withUnsafeBytes {
        write(entry.child.input, $0.baseAddress?.advanced(by: entry.fed), min(65_536, $0.count - entry.fed))
      }
      if count < 0, errno == EAGAIN || errno == EINTR { return }
      // It does not want to hear more: that is its business.
      guard count > 0 else { return entry.child.close(.input) }
      entry.fed += count
    }
  }

  private mutating func hear(_ entry: inout Entry) {
    while entry.child.output >= 0, entry.handed + entry.end.output.count <= entry.wish.outputBytes {
      guard let count = read(entry.child.output) else { break }
      if count == 0 {
        entry.child.close(.output)
      } else {
        entry.heard = Self.now()
        entry.end.output += buffer[..<count]
        handLines(&entry)
      }
    }
    // So many at a time, that one who talks without end does not keep the others waiting.
    for _ in 0..<16 where entry.child.talk >= 0 {
      guard let count = read(entry.child.talk) else { break }
      if count == 0 {
        entry.child.close(.talk)
      } else {
        entry.heard = Self.now()
        takeTalk(buffer[..<count], &entry)
      }
    }
  }

  /// Hands on the whole lines of a stream, which says in its first one that it is one.
  private func handLines(_ entry: inout Entry) {
    // Once it is known to be no stream nobody looks any more.
    guard let hand = entry.handLine, entry.searched <= entry.end.output.count else { return }
    if !entry.end.isStream, entry.end.output.first != UInt8(ascii: "{") { return }
    var start = 0
    while let end = entry.end.output[max(start, entry.searched)...].firstIndex(of: 10) {
      let line = Array(entry.end.output[start..<end])
      if !entry.end.isStream {
        guard CommandHostClient.opensStream(line) else {
          entry.searched = .max
          return
        }
        entry.end.isStream = true
      } else if !line.isEmpty {
        hand(line)
      }
      start = end + 1
    }
    entry.end.output.removeFirst(start)
    entry.handed += start
    entry.searched = entry.end.output.count
  }

  /// Nil when there is nothing now; 0 at the end.
  private mutating func read(_ descriptor: Int32) -> Int? {
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    if count < 0 { return errno == EAGAIN || errno == EINTR ? nil : 0 }
    return count
  }

  private func takeTalk(_ bytes: ArraySlice<UInt8>, _ entry: inout Entry) {
    for byte in bytes {
      if byte != 10 {
        if entry.line.count < 4096 { entry.line.append(byte) }
        continue
      }
      let line = String(decoding: entry.line, as: UTF8.self)
      entry.line.removeAll(keepingCapacity: true)
      entry.talk(line)
      entry.end.talk = String((entry.end.talk + line + "\n").suffix(HostClientLimits.shownCharacters))
    }
  }

  private mutating func finish(_ id: UInt64, _ cause: ChildEnd.Cause?) {
    guard var entry = entries.removeValue(forKey: id) else { return }
    let rest = String(decoding: entry.line, as: UTF8.self)
    if !rest.isEmpty { entry.end.talk += rest }
    let status = entry.child.reap()
    entry.end.cause = cause ?? .exited(status)
    if cause == nil, entry.handed + entry.end.output.count > entry.wish.outputBytes {
      entry.end.cause = .limit(
        "It prints more than \(entry.wish.outputBytes) bytes, the limit.", isTime: false)
    }
    entry.report(entry.end)
  }
}
