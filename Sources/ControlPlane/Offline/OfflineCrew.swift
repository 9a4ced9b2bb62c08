import Glibc
import RealtimeEngine
import Synchronization
import Threading

/// Threads that help with an offline render. Between two jobs they spin, because a job takes some milliseconds and the
/// next one follows at once: never in the daemon.
///
/// One thread owns it and calls `start`; the crew ends with it.
final class OfflineCrew: Sendable {
  private final class Board: Sendable {
    let number = Atomic(0)
    let work = Locked<AheadCrew.Work?>(nil)
    let isOver = Atomic(false)
  }

  private let board: Board
  private let threads: [OwnedThread]

  static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Spins before a thread lets others run, and turns of those before it sleeps for a tenth of a millisecond.
  private static let spins = 200
  private static let turns = 2000

  /// - Parameter threads: that of the owner included.
  init(threads: Int) throws(ThreadingError) {
    let board = Board()
    var helpers: [OwnedThread] = []
    for _ in 1..<max(1, threads) {
      helpers.append(try OwnedThread(name: "garden-render") { Self.serve(board) })
    }
    self.board = board
    self.threads = helpers
  }

  deinit {
    board.isOver.store(true, ordering: .releasing)
    for thread in threads { thread.join() }
  }

  /// That of the owner included.
  var count: Int { threads.count + 1 }
  var isAlone: Bool { threads.isEmpty }

  /// Has the helpers do turns of some work until it is over, and comes back at once.
  func start(_ work: @escaping AheadCrew.Work) {
    board.work.withLock { $0 = work }
    board.number.wrappingAdd(1, ordering: .releasing)
  }

  private static func serve(_ board: Board) {
    var seen = 0
    var waits = 0
    while !board.isOver.load(ordering: .acquiring) {
      let number = board.number.load(ordering: .acquiring)
      guard number != seen else {
        wait(&waits)
        continue
      }
      seen = number
      waits = 0
      if let work = board.work.withLock({ $0 }) { help(work) }
    }
  }

  private static func help(_ work: AheadCrew.Work) {
    var waits = 0
    while true {
      switch work() {
      case .did: waits = 0
      case .waiting: wait(&waits)
      case .over: return
      }
    }
  }

  /// Does pieces of work on as many threads as there are cores, the caller's among them, and comes back when all are
  /// done.
  static func eachOnAThread(_ count: Int, _ piece: @escaping @Sendable (Int) -> Void) {
    let next = Queue()
    let work: @Sendable () -> Void = {
      while true {
        let index = next.place.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        piece(index)
      }
    }
    // Where the system has no thread left the others do its work.
    let helpers = (1..<max(1, min(count, cores))).compactMap { _ in
      try? OwnedThread(name: "garden-render", work)
    }
    work()
    for helper in helpers { helper.join() }
  }

  private final class Queue: Sendable {
    let place = Atomic(0)
  }

  /// Lets a moment go by, a longer one after many.
  static func wait(_ count: inout Int) {
    count += 1
    if count <= spins { return }
    if count <= spins + turns { sched_yield() } else { usleep(100) }
  }
}
