import Glibc
import Threading

/// What the web thread owns: its doors, and every connection that came by one.
final class WebFloor {
  struct Guest {
    let descriptor: Int32
    let isOwners: Bool
    var visit: Visit
    /// The file that comes.
    var upload: OpenFile?
    var following: Following?
  }

  let doors: [WebDoor]
  let gate: Gate
  let answerer: Answerer
  let executor: WebExecutor
  let uploadFolder: String
  private let mailbox: Mailbox<WebMessage>
  let door: (any MessageDoor)?
  private let events: EventSource?
  let sound: PlayedSound?
  /// When those who listen are sent more; nil while nobody does.
  var listensAt: ContinuousClock.Instant?
  /// Events that the mailbox had no room for, since the last look.
  private let lost = Lost()
  var isListening = false
  var history = EventHistory(run: String(WebServer.randomWord().prefix(8)))
  var guests: [UInt64: Guest] = [:]
  private var lastGuest: UInt64 = 0
  var now = ContinuousClock.now
  /// While the system has no descriptor left.
  private var closedUntil: ContinuousClock.Instant?
  private var endsAt: ContinuousClock.Instant?
  private var buffer = [UInt8](repeating: 0, count: WebLimits.readBytes)

  init(
    doors: [WebDoor], mailbox: Mailbox<WebMessage>, gate: Gate, answerer: Answerer,
    uploadFolder: String, door: (any MessageDoor)?, events: EventSource?, sound: PlayedSound? = nil
  ) {
    self.door = door
    (self.doors, self.mailbox, self.gate, self.answerer) = (doors, mailbox, gate, answerer)
    self.uploadFolder = uploadFolder
    (self.events, self.sound) = (events, sound)
    executor = WebExecutor(mailbox)
  }

  func run() {
    while !isOver {
      let ids = wait()
      now = .now
      let messages = mailbox.drain()
      // What was refused came behind all that was there.
      let missing = lost.take()
      for message in messages { take(message) }
      if missing > 0 { tellGap(missing) }
      for id in ids { serve(id) }
      playOn()
      if endsAt == nil { for door in doors { accept(door) } }
      expire()
    }
    for door in doors {
      close(door.descriptor)
      if let path = door.path { unlink(path) }
    }
    for guest in guests.values { close(guest.descriptor) }
  }

  private var isOver: Bool { endsAt.map { guests.isEmpty || now >= $0 } ?? false }

  /// Sleeps until something has come, and returns the connections that have news.
  private func wait() -> [UInt64] {
    var polls = [pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)]
    if endsAt == nil, closedUntil == nil {
      polls += doors.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    }
    let first = polls.count
    var ids: [UInt64] = []
    var next = closedUntil ?? endsAt
    if let listensAt { next = min(next ?? listensAt, listensAt) }
    for (id, guest) in guests {
      let events = (guest.visit.wantsToRead ? POLLIN : 0) | (guest.visit.hasOutput ? POLLOUT : 0)
      polls.append(pollfd(fd: guest.descriptor, events: Int16(events), revents: 0))
      ids.append(id)
      if guest.visit.isTimed { next = min(next ?? guest.visit.deadline, guest.visit.deadline) }
    }
    _ = poll(&polls, nfds_t(polls.count), next.map { WebFloor.milliseconds(from: .now, to: $0) } ?? -1)
    return ids.indices.filter { polls[first + $0].revents != 0 }.map { ids[$0] }
  }

  /// Rounded up, so that a deadline has come when the wait for it ends.
  private static func milliseconds(from now: ContinuousClock.Instant, to then: ContinuousClock.Instant)
    -> Int32
  {
    let (seconds, attoseconds) = (then - now).components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return Int32(clamping: min(seconds, 3600) * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
  }

  private func take(_ message: WebMessage) {
    switch message {
    case .step(let step): executor.run(step)
    case .reply(let id, let reply): self.reply(reply, to: id)
    case .tell(let id, let message): tell(message, of: id)
    case .event(let topic, let content): tell(topic, content)
    case .history(let id, let history): take(history, id)
    case .stop:
      endsAt = now + .milliseconds(WebLimits.endMilliseconds)
      let stopping = Problem(
        503, "stopping", "the daemon ends", "it was asked to", "garden up"
      ).reply
      for (id, guest) in guests {
        if guest.visit.isWorking { reply(stopping, to: id) } else if !guest.visit.hasOutput { drop(id) }
      }
    }
  }

  private func accept(_ door: WebDoor) {
    if let until = closedUntil, now < until { return }
    closedUntil = nil
    for _ in 0..<WebLimits.accepts {
      let descriptor = Glibc.accept(door.descriptor, nil, nil)
      guard descriptor >= 0 else {
        if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) {
          closedUntil = now + .milliseconds(WebLimits.exhaustedMilliseconds)
        }
        return
      }
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      lastGuest += 1
      guests[lastGuest] = Guest(descriptor: descriptor, isOwners: door.isOwners, visit: Visit(at: now))
      if guests.count > WebLimits.connections {
        reply(
          Problem(
            503, "full", "there are too many connections", "\(WebLimits.connections) are open",
            "close one, or try again later"
          ).reply.closing(), to: lastGuest)
      }
    }
  }

  /// Reads what has come and sends what is waiting.
  private func serve(_ id: UInt64) {
    guard let guest = guests[id] else { return }
    if guest.visit.hasOutput { send(to: id) }
    guard guests[id]?.visit.wantsToRead == true else {
      // Not read now: only whether it broke is of interest.
      var look = pollfd(fd: guest.descriptor, events: 0, revents: 0)
      if poll(&look, 1, 0) > 0 { drop(id) }
      return
    }
    let count = recv(guest.descriptor, &buffer, buffer.count, 0)
    guard count > 0 else {
      if count == 0 || (errno != EAGAIN && errno != EINTR) { drop(id) }
      return
    }
    let action = guests[id]?.visit.take(buffer[..<count], at: now) ?? .nothing
    perform(action, id)
  }

  private func expire() {
    for (id, guest) in guests where guest.visit.isTimed && guest.visit.deadline <= now {
      perform(guest.visit.expire(), id)
    }
  }

  func perform(_ action: Visit.Action, _ id: UInt64) {
    switch action {
    case .nothing: return
    case .close: drop(id)
    case .pulse:
      beginTelling(id)
      tell(guests[id]?.visit.pulse ?? [], to: id)
    case .send: send(to: id)
    case .spool(let piece): spool(piece, id)
    case .refuse(let problem): reply(problem.reply.closing(), to: id)
    case .examine(let head): examine(head, id)
    case .answer(let head, let body): answer(head, body, id)
    }
  }

  func reply(_ reply: HTTPReply, to id: UInt64) {
    guard guests[id] != nil, !endTelling(with: reply, id) else { return }
    let reply = reply.sound == nil ? reply : withSound(reply)
    guests[id]?.visit.reply(reply, date: date, at: now, ends: endsAt != nil)
    if reply.stream != nil { begin(id) }
    if reply.sound != nil { beginToListen(id) }
    send(to: id)
  }

  /// Has the daemon's events come, from the first stream on.
  func listen() {
    guard !isListening, let events else { return }
    isListening = true
    let mailbox = mailbox
    let lost = lost
    // A mailbox that is full belongs to a thread that does not get its turn: once it does, it tells that something is
    // missing.
    events { topic, content in
      if !mailbox.push(.event(topic: topic, content)) { lost.add() }
    }
  }

  var date: String { HTTPReply.date(time(nil)) }

  func send(to id: UInt64) {
    repeat {
      while let guest = guests[id], guest.visit.hasOutput {
        let count = guest.visit.pending.withUnsafeBytes {
          Glibc.send(guest.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else {
          if errno == EINTR { continue }
          if errno != EAGAIN { drop(id) }
          return
        }
        guests[id]?.visit.hasSent(count, at: now)
      }
    } while fill(id)
    if guests[id]?.visit.isOver == true { return leave(id) }
    // A request that came behind the one whose file has just left.
    if case .idle? = guests[id]?.visit.stage, let action = guests[id]?.visit.goOn(at: now) {
      perform(action, id)
    }
  }

  /// A client that still sends would lose the reply to the reset that an early close means; so what has come is read
  /// and forgotten first.
  private func leave(_ id: UInt64) {
    guard let guest = guests[id] else { return }
    shutdown(guest.descriptor, Int32(SHUT_WR))
    for _ in 0..<16 where recv(guest.descriptor, &buffer, buffer.count, 0) > 0 {}
    drop(id)
  }

  private func drop(_ id: UInt64) {
    guard let guest = guests.removeValue(forKey: id) else { return }
    close(guest.descriptor)
  }
}
