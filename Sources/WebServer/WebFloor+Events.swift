import HootWire

extension WebFloor {
  /// Puts a new stream where its client stopped, or at the end.
  func begin(_ id: UInt64) {
    guard let wish = guests[id]?.visit.wish else { return }
    listen()
    if let job = wish.job { return follow(job, after: wish.cursor, id) }
    var seen = history.last
    if let cursor = wish.cursor {
      let number = history.number(of: cursor)
      seen = number.flatMap { history.reaches(back: $0) ? $0 : nil } ?? history.oldest - 1
      if number != seen {
        tell(
          "gap",
          ["after": .string(String(cursor.prefix(64))), "kept": .integer(Int64(history.last - seen))],
          to: id)
      }
    }
    guests[id]?.visit.seen = seen
    // A client that goes before the first event knows where it was.
    tell("start", [:], cursor: history.cursor(seen), to: id)
    perform(guests[id]?.visit.hear([], at: now) ?? .nothing, id)
  }

  /// Queues what a stream has not heard yet, as far as its client takes it; false when there was nothing.
  ///
  /// What waits for a client stays in the history, where it stands once for all of them. One that lags so far behind that
  /// its next event is forgotten is told so and ends.
  func fill(_ id: UInt64) -> Bool {
    guard let wish = guests[id]?.visit.wish else { return guests[id]?.visit.readOn(at: now) ?? false }
    guard wish.job == nil else {
      goOnFollowing(id)
      return false
    }
    var added = false
    while let visit = guests[id]?.visit, visit.seen < history.last,
      visit.pending.count < WebLimits.streamBytes
    {
      guard let event = history.event(after: visit.seen) else {
        let why: JSONValue = [
          "reason": "too slow", "missed": .integer(Int64(history.oldest - 1 - visit.seen)),
        ]
        let last = Event.bytes("dropped", why.encode(), id: nil, isSocket: wish.isSocket)
        guests[id]?.visit.end(with: last, at: now)
        return true
      }
      guests[id]?.visit.seen = event.number
      guard wish.includes(event.topic) else { continue }
      guests[id]?.visit.tell(event.bytes(run: history.run, isSocket: wish.isSocket), at: now)
      added = true
    }
    return added
  }

  /// Something about the stream itself.
  private func tell(_ topic: String, _ content: JSONValue, cursor: String? = nil, to id: UInt64) {
    let isSocket = guests[id]?.visit.wish?.isSocket ?? false
    tell(Event.bytes(topic, content.encode(), id: cursor, isSocket: isSocket), to: id)
  }

  func tell(_ bytes: [UInt8], to id: UInt64) {
    guests[id]?.visit.tell(bytes, at: now)
    send(to: id)
  }

  /// Every stream hears that events are missing, whatever its topics, and so does who comes back later.
  func tellGap(_ count: Int) {
    tell(EventWish.gap, ["missing": .integer(Int64(count))])
  }

  func tell(_ topic: String, _ content: JSONValue) {
    let event = history.add(topic, content)
    let isLive = event.number == 0
    let job = topic == "job" ? content["job"]?["id"]?.string : nil
    for (id, guest) in guests {
      guard let wish = guest.visit.wish else { continue }
      if let followed = wish.job {
        if followed == job { lookAgain(id) }
        continue
      }
      guard wish.includes(topic) else { continue }
      // What is worth something now alone is left out where the client is not there for it now.
      if isLive, guest.visit.hasOutput { continue }
      tell(isLive ? event.bytes(run: history.run, isSocket: wish.isSocket) : [], to: id)
    }
  }
}
