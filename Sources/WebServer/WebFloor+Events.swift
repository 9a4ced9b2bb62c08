import HootWire

extension WebFloor {
  /// Puts a new stream where its client stopped, or at the end.
  func begin(_ id: UInt64) {
    guard let wish = guests[id]?.visit.wish else { return }
    listen()
    var seen = history.last
    if let cursor = wish.cursor {
      let number = history.number(of: cursor)
      seen = number.flatMap { history.reaches(back: $0) ? $0 : nil } ?? history.oldest - 1
      if number != seen {
        let gap: JSONValue = [
          "after": .string(String(cursor.prefix(64))), "kept": .integer(Int64(history.last - seen)),
        ]
        tell(Array("event: gap\ndata: \(gap.text)\n\n".utf8), to: id)
      }
    }
    guests[id]?.visit.seen = seen
    // A client that goes before the first event knows where it was.
    tell(Array("id: \(history.cursor(seen))\nevent: start\ndata: {}\n\n".utf8), to: id)
  }

  /// Queues what a stream has not heard yet, as far as its client takes it; false when there was nothing.
  ///
  /// What waits for a client stays in the history, where it stands once for all of them. One that lags so far behind that
  /// its next event is forgotten is told so and ends.
  func fill(_ id: UInt64) -> Bool {
    guard let wish = guests[id]?.visit.wish else { return false }
    var added = false
    while let visit = guests[id]?.visit, visit.seen < history.last,
      visit.pending.count < WebLimits.streamBytes
    {
      guard let event = history.event(after: visit.seen) else {
        let why: JSONValue = [
          "reason": "too slow", "missed": .integer(Int64(history.oldest - 1 - visit.seen)),
        ]
        guests[id]?.visit.end(with: Array("event: dropped\ndata: \(why.text)\n\n".utf8), at: now)
        return true
      }
      guests[id]?.visit.seen = event.number
      guard wish.includes(event.topic) else { continue }
      guests[id]?.visit.tell(event.text(run: history.run), at: now)
      added = true
    }
    return added
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
    let live = event.number == 0 ? event.text(run: history.run) : []
    for (id, guest) in guests where guest.visit.wish?.includes(topic) == true {
      // What is worth something now alone is left out where the client is not there for it now.
      if event.number == 0, guest.visit.hasOutput { continue }
      tell(live, to: id)
    }
  }
}
