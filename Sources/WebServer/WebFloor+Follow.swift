import HootWire

/// How far a stream of one job's history is.
struct Following {
  let job: String
  /// The number of the last entry that was told.
  var after: Int64
  var isAsking = false
  /// Something has happened since it was asked last.
  var isBehind = true
}

/// What has come of asking for more of a job's history.
struct JobHistory: Sendable {
  var entries: [JSONValue] = []
  /// Nothing more will come.
  var isOver = false
}

/// Streams of one job's history: its event is only the sign to read on, since the history itself is what is durable and
/// numbered.
extension WebFloor {
  func follow(_ job: String, after cursor: String?, _ id: UInt64) {
    guests[id]?.following = Following(job: job, after: cursor.flatMap { Int64($0) } ?? 0)
    goOnFollowing(id)
  }

  func lookAgain(_ id: UInt64) {
    guests[id]?.following?.isBehind = true
    goOnFollowing(id)
  }

  /// Asks for what is new, one question at a time, and none while the client has yet to take what there was.
  func goOnFollowing(_ id: UInt64) {
    guard let guest = guests[id], let following = guest.following, following.isBehind, !following.isAsking,
      !guest.visit.hasOutput
    else { return }
    guests[id]?.following?.isBehind = false
    guests[id]?.following?.isAsking = true
    let answerer = answerer
    let mailbox = executor.mailbox
    Task(executorPreference: executor) {
      let history = await answerer.history(of: following.job, after: following.after)
      _ = mailbox.push(.history(visit: id, history))
    }
  }

  func take(_ history: JobHistory, _ id: UInt64) {
    guard guests[id]?.following != nil else { return }
    guests[id]?.following?.isAsking = false
    var text: [UInt8] = []
    for entry in history.entries {
      let number = entry["n"]?.int ?? 0
      guests[id]?.following?.after = number
      text += Event.bytes("log", entry.encode(), id: "\(number)", isSocket: false)
    }
    if history.isOver {
      guests[id]?.visit.end(
        with: text + Event.bytes("end", Array("{}".utf8), id: nil, isSocket: false), at: now)
      return send(to: id)
    }
    if !history.entries.isEmpty { guests[id]?.following?.isBehind = true }
    tell(text, to: id)
    goOnFollowing(id)
  }
}
