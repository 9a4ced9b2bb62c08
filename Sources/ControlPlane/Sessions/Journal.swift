import Arrangement
import ControlSocket
import HootWire
import Ledger
import Threading

/// What the control thread knows of the journal: what has been written down, and what of it is durable. Owned by the
/// control thread; the ledger's thread answers by `news`.
struct Journal {
  enum News: Sendable {
    case kept(UInt64, Result<LedgerAnswer, LedgerError>)
    /// A whole session up to an edit.
    case whole(String, UInt64, Result<LedgerAnswer, LedgerError>)
  }

  let news: Mailbox<News>
  /// The session's name in the ledger.
  var session = Journal.firstSession
  /// As they were written down last.
  var base: Timeline
  var around = Surroundings()
  /// The last edit, and the last that is durable with all before it.
  private(set) var serial: UInt64 = 0
  private(set) var durable: UInt64 = 0
  private var kept: Set<UInt64> = []
  /// The ledger's own numbers of the edits that it has, in their order.
  private(set) var numbers: [(serial: UInt64, number: Int64)] = []
  /// Why an edit was not kept; a whole session that is kept mends it.
  var failure: LedgerError?
  /// When the session is tried as a whole again.
  var retryAt: ContinuousClock.Instant?
  /// A whole session is on its way.
  var isKeepingWhole = false
  var entriesSinceWhole = 0
  var held = HeldReplies()
  var history = UndoHistory()
  /// What the next change takes back or makes again.
  var mark = UndoMark()
  /// Nothing is written down before the session is there.
  var isReady = false
  /// How far the restoring is.
  var restoring: (done: Int, total: Int)?
  var position: KeptPosition?
  var positionAt = ContinuousClock.now
  /// Of the last jump that was noted.
  var landedFrame: Int64 = -1
  /// Ports that were asked for and are not there: kept until they are let go.
  var missingPorts: [Surroundings.Port] = []
  var warnings: [String] = []

  static let firstSession = "main"

  init(base: Timeline) throws(ThreadingError) {
    self.base = base
    news = try Mailbox(capacity: 4 * LedgerLimits.waiting)
  }

  var waiting: Int { Int(serial - durable) }

  mutating func next() -> UInt64 {
    serial += 1
    entriesSinceWhole += 1
    return serial
  }

  mutating func isKept(_ serial: UInt64, number: Int64) {
    numbers.append((serial, number))
    kept.insert(serial)
    advance()
  }

  /// Everything up to an edit is durable, whatever became of the edits themselves.
  mutating func isWhole(upTo serial: UInt64) {
    durable = max(durable, serial)
    kept = kept.filter { $0 > durable }
    failure = nil
    retryAt = nil
    advance()
  }

  private mutating func advance() {
    while kept.remove(durable + 1) != nil { durable += 1 }
  }

  /// Another session, or one that was read.
  ///
  /// - Parameter durable: up to which edit all is; nil: what waited before waits still.
  mutating func begin(
    _ session: String, at serial: UInt64, numbers: [(serial: UInt64, number: Int64)] = [],
    durable: UInt64? = nil
  ) {
    self.session = session
    self.numbers = numbers
    self.serial = serial
    if let durable { (self.durable, kept) = (durable, []) }
    entriesSinceWhole = 0
    isKeepingWhole = false
  }

  /// The numbers of edits that nobody can take back any more: the last of them in the ledger.
  mutating func forget(before serial: UInt64) -> Int64? {
    let old = numbers.prefix { $0.serial < serial }
    numbers.removeFirst(old.count)
    return old.last?.number
  }
}

/// Replies that wait until what they tell is durable, each client's in the order of its requests.
struct HeldReplies {
  struct Reply {
    var incoming: Incoming
    var content: JSONValue
    /// The edit that must be durable.
    var serial: UInt64
    var deadline: ContinuousClock.Instant
  }

  private var queues: [Peer: [Reply]] = [:]

  var isEmpty: Bool { queues.isEmpty }
  func count(_ peer: Peer) -> Int { queues[peer]?.count ?? 0 }

  mutating func append(_ reply: Reply) { queues[reply.incoming.peer, default: []].append(reply) }

  /// The first replies of all clients that may leave.
  mutating func release(_ mayLeave: (Reply) -> Bool) -> [Reply] {
    var released: [Reply] = []
    for (peer, queue) in queues {
      let count = queue.prefix(while: mayLeave).count
      guard count > 0 else { continue }
      released += queue[..<count]
      queues[peer] = count == queue.count ? nil : Array(queue[count...])
    }
    return released
  }
}
