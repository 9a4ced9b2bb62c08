import ControlSocket
import Glibc
import HootCapnProto
import HootWire
import HostClients
import Jobs
import Threading

/// The one thread on which all talks with hosts that speak HOOT01 go on, each on a DEALER of its own, whose identity is the
/// job's: so that a reply finds it again after a restart.
///
/// Talks to `HootHostClient`: orders in by its desk, news out by the order's own closures. Waits for the network alone.
package final class HootWorker: Sendable {
  struct Order: Sendable {
    var address: HootAddress
    var call: HostCall
    var host: String
    var kind: HostKind
    var identity: String
    var purpose: HootTalk.Purpose
    /// Both on the worker's thread.
    var report: @Sendable (HostReport) -> Void
    var end: @Sendable (HootTalk.End) -> Void
  }

  let desk: CallDesk<Order>
  let schemas: WireSchemas
  private let thread: OwnedThread

  package init(_ schemas: WireSchemas) throws(ThreadingError) {
    let desk = try CallDesk<Order>()
    self.desk = desk
    self.schemas = schemas
    thread = try OwnedThread(name: "garden-hoot") {
      var loop = HootLoop(desk: desk, schemas: schemas)
      loop.run()
    }
  }

  /// Ends every talk and the thread. What a host was asked for it goes on with.
  package func stop() {
    desk.stop()
    thread.join()
  }
}

/// What the worker's thread owns.
private struct HootLoop {
  private struct Entry {
    var talk: HootTalk
    let socket: WireSocket
    let broadcasts: String?
    let report: @Sendable (HostReport) -> Void
    let end: @Sendable (HootTalk.End) -> Void
  }

  let desk: CallDesk<HootWorker.Order>
  let schemas: WireSchemas
  private var sockets: WireSockets?
  private var entries: [UInt64: Entry] = [:]
  private var published: [String: WireSocket] = [:]
  private var isStopping = false

  init(desk: CallDesk<HootWorker.Order>, schemas: WireSchemas) {
    self.desk = desk
    self.schemas = schemas
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  mutating func run() {
    while !isStopping {
      take(desk.take())
      for id in Array(entries.keys) { hear(id) }
      for endpoint in Array(published.keys) { hear(published: endpoint) }
      guard !isStopping else { break }
      wait()
    }
    for entry in entries.values { entry.end(Self.stopped(entry.talk)) }
  }

  private static func stopped(_ talk: HootTalk) -> HootTalk.End {
    switch talk.purpose {
    case .submit where !talk.wasSent: .outcome(.cancelled)
    case .submit, .adopt:
      talk.failed(
        .transport, "\(talk.host) was left at \(talk.call.tool)", "The daemon ends.", mayStillRun: true)
    case .probe, .release: .unreachable("The daemon ends.")
    }
  }

  private func wait() {
    let all = entries.values.map(\.socket) + published.values
    let next = entries.values.map(\.talk.nextTime).min() ?? .infinity
    let milliseconds = max(0, min(60_000, (next - Self.now()) * 1000 + 1))
    guard let sockets else {
      var interest = pollfd(fd: desk.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&interest, 1, Int32(milliseconds))
      return
    }
    sockets.wait(all, descriptor: desk.descriptor, milliseconds: Int32(milliseconds))
  }

  private mutating func take(_ orders: CallDesk<HootWorker.Order>.Orders) {
    isStopping = orders.isStopping
    for (id, order) in orders.calls {
      if isStopping || orders.cancelled.contains(id) {
        order.end(.outcome(.cancelled))
      } else {
        start(id, order)
      }
    }
    for id in orders.cancelled {
      if let acts = entries[id]?.talk.cancel(now: Self.now()) { perform(acts, id) }
    }
  }

  private mutating func start(_ id: UInt64, _ order: HootWorker.Order) {
    let talk = HootTalk(
      order.call, host: order.host, kind: order.kind, identity: order.identity, purpose: order.purpose,
      schemas: schemas, now: Self.now())
    guard entries.count < HootHostLimits.talks else {
      return order.end(
        talk.failed(
          .retryable, "\(order.host) was not asked for \(order.call.tool)",
          "\(HootHostLimits.talks) calls run already."))
    }
    do throws(SocketError) {
      let sockets = try made()
      let socket = try sockets.dealer(to: order.address.endpoint, identity: order.identity)
      // Before the request leaves: what is published meanwhile is not heard later.
      if let endpoint = order.address.broadcasts, published[endpoint] == nil, follows(order.purpose) {
        published[endpoint] = try sockets.subscriber(to: endpoint)
      }
      entries[id] = Entry(
        talk: talk, socket: socket, broadcasts: order.address.broadcasts, report: order.report, end: order.end
      )
    } catch {
      order.end(
        talk.failed(
          .transport, "\(order.host) was not asked for \(order.call.tool)", Plain.line(error.lines[1] + ".")))
    }
  }

  private mutating func made() throws(SocketError) -> WireSockets {
    if let sockets { return sockets }
    let new = try WireSockets()
    sockets = new
    return new
  }

  private func follows(_ purpose: HootTalk.Purpose) -> Bool {
    switch purpose {
    case .submit, .adopt: true
    case .probe, .release: false
    }
  }

  /// What has come for one talk, so many at a time that a flood does not keep the others waiting, and then the time.
  private mutating func hear(_ id: UInt64) {
    messages: for _ in 0..<SocketLimits.batchMessages {
      guard let entry = entries[id] else { return }
      switch entry.socket.receive() {
      case .message(let frames): perform(entries[id]?.talk.take(frames, now: Self.now()) ?? [], id)
      // Larger than the wire allows: what it was cannot be known.
      case .oversized: perform(entries[id]?.talk.take([], now: Self.now()) ?? [], id)
      case .none: break messages
      }
    }
    guard let isConnected = entries[id]?.socket.isConnected else { return }
    perform(entries[id]?.talk.turn(now: Self.now(), isConnected: isConnected) ?? [], id)
  }

  private mutating func hear(published endpoint: String) {
    guard entries.values.contains(where: { $0.broadcasts == endpoint }) else {
      published[endpoint] = nil
      return
    }
    // So many at a time, that a flood does not keep the talks waiting.
    for _ in 0..<SocketLimits.batchMessages {
      switch published[endpoint]?.receive() {
      case .message(let frames):
        // What cannot be read is for somebody else.
        guard frames.count == 1, let news = try? schemas.read(frames[0], as: .broadcast) else { continue }
        for id in Array(entries.keys) where entries[id]?.broadcasts == endpoint {
          perform(entries[id]?.talk.take(broadcast: news, now: Self.now()) ?? [], id)
        }
      case .oversized: continue
      case .some(.none), nil: return
      }
    }
  }

  private mutating func perform(_ acts: [HootTalk.Act], _ id: UInt64) {
    for act in acts {
      switch act {
      case .send(let frame): _ = entries[id]?.socket.send(frame.encode())
      case .report(let report): entries[id]?.report(report)
      case .end(let end):
        // Its socket closes with it.
        guard let entry = entries.removeValue(forKey: id) else { return }
        entry.end(end)
      }
    }
  }
}
