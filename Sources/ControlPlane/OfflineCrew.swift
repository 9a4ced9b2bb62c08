import Glibc
import Synchronization
import Threading

/// Threads that do the parts of an offline render side by side. Between two jobs they spin, because a job takes a
/// millisecond and the next one follows at once: never in the daemon.
///
/// One thread owns it and calls `perform`; the crew ends with it.
final class OfflineCrew: Sendable {
  /// One job: tasks that are taken one by one.
  private final class Job: Sendable {
    let tasks: Int
    let work: @Sendable (Int) -> Void
    private let next = Atomic(0)
    private let done = Atomic(0)

    init(tasks: Int, work: @escaping @Sendable (Int) -> Void) {
      self.tasks = tasks
      self.work = work
    }

    /// Does tasks as long as there are any that nobody has taken.
    func help() {
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < tasks else { return }
        work(task)
        done.wrappingAdd(1, ordering: .releasing)
      }
    }

    var isDone: Bool { done.load(ordering: .acquiring) == tasks }
  }

  private final class Board: Sendable {
    let number = Atomic(0)
    let job = Locked<Job?>(nil)
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

  var isAlone: Bool { threads.isEmpty }

  /// Does every task once, on all threads, and comes back when all are done.
  func perform(_ tasks: Int, _ work: @escaping @Sendable (Int) -> Void) {
    let job = Job(tasks: tasks, work: work)
    board.job.withLock { $0 = job }
    board.number.wrappingAdd(1, ordering: .releasing)
    job.help()
    var waits = 0
    while !job.isDone { Self.wait(&waits) }
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
      let job = board.job.withLock { $0 }
      job?.help()
    }
  }

  private static func wait(_ count: inout Int) {
    count += 1
    if count <= spins { return }
    if count <= spins + turns { sched_yield() } else { usleep(100) }
  }
}
