import Glibc
import Jobs
import Threading

/// The ledger's thread, and the only one that uses its database: it takes writes and questions by mailbox, in their
/// order, and answers when they are durable.
///
/// Writes that queue up while a commit is synced go into the next one together, up to 64; one alone waits for nobody.
/// Any thread may ask; answers come on the ledger's thread and must not wait for it. Never for the realtime thread.
package final class Ledger: Sendable {
  /// What became of a write: it is durable, or why it is not.
  package typealias Answer = @Sendable (Result<LedgerAnswer, LedgerError>) -> Void

  private enum Order: Sendable {
    case write(LedgerWrite, Answer)
    case make(@Sendable () -> LedgerWrite, Answer)
    case read(@Sendable (any JobLedger) -> Void)
    case stop
  }

  private let orders: Mailbox<Order>
  private let thread: OwnedThread
  private let counters = Locked(Counters())
  private let opened: Mailbox<LedgerError?>

  /// Since it was opened.
  package struct Counters: Sendable, Equatable {
    package var writes = 0
    package var commits = 0
    package var failures = 0
    /// Writes that changed nothing, as their job was final or of a later lease.
    package var stale = 0
  }

  /// Starts the thread, which opens the store by itself and says whether it could before this returns, or when
  /// `waitUntilOpen` asks.
  ///
  /// - Parameters:
  ///   - clock: milliseconds since 1970, for what is written.
  ///   - open: makes the store, on the ledger's thread.
  package init(
    clock: @escaping @Sendable () -> JobTime, isWaiting: Bool = true,
    open: @escaping @Sendable () throws(LedgerError) -> any JobLedger
  ) throws(LedgerError) {
    do {
      let orders = try Mailbox<Order>(capacity: LedgerLimits.waiting)
      let opened = try Mailbox<LedgerError?>(capacity: 1)
      let counters = counters
      self.orders = orders
      self.opened = opened
      thread = try OwnedThread(name: "ledger") {
        let store: any JobLedger
        do throws(LedgerError) { store = try open() } catch {
          _ = opened.push(error)
          return
        }
        _ = opened.push(nil)
        Self.serve(store, orders, counters, clock)
      }
    } catch {
      throw LedgerError(.failed, "The ledger was not opened.", why: "\(error)", next: "Close other programs.")
    }
    if isWaiting { try waitUntilOpen() }
  }

  /// Once, by who started it so. Why it could not be opened is thrown: then its thread has ended.
  package func waitUntilOpen() throws(LedgerError) {
    if let error = opened.wait(milliseconds: -1).first ?? nil { throw error }
  }

  /// What `make` gives, on the ledger's thread, is written: so that whoever asks need not put it into bytes.
  package func write(making make: @escaping @Sendable () -> LedgerWrite, _ answer: @escaping Answer) -> Bool {
    orders.push(.make(make, answer))
  }

  /// False, and `answer` never comes, when too much waits already: say so to whoever asked. Any thread.
  package func write(_ write: LedgerWrite, _ answer: @escaping Answer) -> Bool {
    orders.push(.write(write, answer))
  }

  /// Looks something up after all that was written before. False when too much waits already. Any thread; the body
  /// runs on the ledger's and must be short.
  package func read(_ body: @escaping @Sendable (any JobLedger) -> Void) -> Bool { orders.push(.read(body)) }

  /// Waits for an answer: for a program that starts, and for tests. Never on a thread that others wait for.
  package func ask<Value: Sendable>(
    _ body: @escaping @Sendable (any JobLedger) throws(LedgerError) -> Value
  ) throws(LedgerError) -> Value {
    let answer: Mailbox<Result<Value, LedgerError>>
    do { answer = try Mailbox(capacity: 1) } catch {
      throw LedgerError(.failed, "The ledger was not asked.", why: "\(error)", next: "Close other programs.")
    }
    let isTaken = read { store in
      do throws(LedgerError) { _ = answer.push(.success(try body(store))) } catch {
        _ = answer.push(.failure(error))
      }
    }
    guard isTaken, let result = answer.wait(milliseconds: -1).first else {
      throw LedgerError(
        .busy, "The ledger was not asked.", why: "\(LedgerLimits.waiting) requests wait for it already.",
        next: "Try again.")
    }
    return try result.get()
  }

  package var counts: Counters { counters.withLock { $0 } }

  /// Makes durable what was taken, and ends the thread. Idempotent; from any other thread.
  package func close() {
    // A full mailbox is being emptied by the thread itself.
    while !orders.push(.stop), !isClosed.withLock({ $0 }) { usleep(1_000) }
    isClosed.withLock { $0 = true }
    thread.join()
  }

  private let isClosed = Locked(false)

  private static func serve(
    _ store: any JobLedger, _ orders: Mailbox<Order>, _ counters: Locked<Counters>, _ clock: () -> JobTime
  ) {
    var isOpen = true
    while isOpen {
      var group: [(write: LedgerWrite, answer: Answer)] = []
      for order in orders.wait(milliseconds: -1) {
        switch order {
        case .write(let write, let answer): group.append((write, answer))
        case .make(let make, let answer): group.append((make(), answer))
        case .read, .stop: break
        }
        switch order {
        case .write, .make: guard group.count == LedgerLimits.group else { continue }
        case .read, .stop: break
        }
        commit(group, store, counters, at: clock())
        group.removeAll(keepingCapacity: true)
        if case .read(let body) = order { body(store) }
        if case .stop = order {
          orders.close()
          isOpen = false
        }
      }
      commit(group, store, counters, at: clock())
    }
    // What came between the last look and the end.
    let closed = LedgerError(.closed, "Nothing was kept.", why: "The ledger is closed.", next: "Start anew.")
    for order in orders.drain() {
      switch order {
      case .write(_, let answer), .make(_, let answer): answer(.failure(closed))
      case .read, .stop: break
      }
    }
    store.close()
  }

  private static func commit(
    _ group: [(write: LedgerWrite, answer: Answer)], _ store: any JobLedger, _ counters: Locked<Counters>,
    at now: JobTime
  ) {
    guard !group.isEmpty else { return }
    do throws(LedgerError) {
      let answers = try store.apply(group.map(\.write), at: now)
      let stale = answers.count { $0 == .stale }
      counters.withLock {
        $0.commits += 1
        $0.writes += answers.count
        $0.stale += stale
      }
      for (order, answer) in zip(group, answers) { order.answer(.success(answer)) }
    } catch {
      guard group.count == 1 else {
        // One that cannot be kept does not take the others with it.
        for order in group { commit([order], store, counters, at: now) }
        return
      }
      counters.withLock { $0.failures += 1 }
      group[0].answer(.failure(error))
    }
  }
}
