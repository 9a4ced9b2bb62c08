import Glibc
import Jobs
import Threading

/// The usual hosts' load: ten tasks of each kind, thirty in all, which take 30, 20 and 40 s each on two, three and two slots.
struct SeedLoad {
  struct Task {
    let tool: String
    let milliseconds: Int
  }

  static let kinds: [(tool: String, seconds: Double)] = [("code", 30), ("text", 20), ("reasoning", 40)]
  static let slots = ["code": 2, "text": 3, "reasoning": 2]
  let tasks: [Task]
  /// What the slots need at least when they never stand idle.
  let bound: Double

  /// Every task of a kind takes as long.
  init(scale: Double) {
    tasks = (0..<10).flatMap { _ in
      Self.kinds.map { Task(tool: $0.tool, milliseconds: Int(($0.seconds * scale * 1_000).rounded())) }
    }
    bound = 200 * scale
  }

  /// Times that scatter as those of independent requests do, around the same means; the same ones at each run.
  init(randomAtScale scale: Double, seed: UInt64) {
    var state = seed
    var tasks: [Task] = []
    for _ in 0..<10 {
      for kind in Self.kinds {
        // SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        let part = (Double((bits ^ bits >> 31) >> 11) + 1) / Double(1 << 53)
        tasks.append(
          Task(tool: kind.tool, milliseconds: max(1, Int(-log(part) * kind.seconds * scale * 1_000))))
      }
    }
    self.tasks = tasks
    // Each host takes them in their order, whenever a slot is free.
    bound =
      Self.kinds.map { kind in
        var ends = Array(repeating: 0, count: Self.slots[kind.tool] ?? 1)
        for task in tasks where task.tool == kind.tool {
          let first = ends.indices.min { ends[$0] < ends[$1] } ?? 0
          ends[first] += task.milliseconds
        }
        return Double(ends.max() ?? 0) / 1_000
      }.max() ?? 0
  }

  struct Outcome {
    let seconds: Double
    let idlePart: Double
  }

  /// The dispatcher, with its database.
  func run(path: String) throws -> Outcome {
    let done = try Mailbox<Void>(capacity: 1_000)
    let watch = SlotWatch(slots: Self.slots)
    let (dispatcher, ledger) = try DispatchBench.start(path, HostSpec.usual, TimedClient(watch: watch), done)
    let begin = Machine.seconds
    for (number, task) in tasks.enumerated() {
      watch.submitted(task.tool)
      DispatchBench.submit(dispatcher, number, tool: task.tool, milliseconds: task.milliseconds)
    }
    var count = 0
    while count < tasks.count {
      let news = done.wait(milliseconds: 120_000).count
      guard news > 0 else { break }
      count += news
    }
    let outcome = Outcome(seconds: Machine.seconds - begin, idlePart: watch.idlePart)
    dispatcher.close()
    ledger.close()
    return outcome
  }

  /// A dispatcher as they were before: it looks for ready tasks every two seconds, scaled, and begins what there is room for.
  ///
  /// - Parameter isLegacy: one task of a kind at a time; else as many as its host has slots.
  func runPolled(isLegacy: Bool, scale: Double) throws -> Outcome {
    let watch = SlotWatch(slots: isLegacy ? Self.slots.mapValues { _ in 1 } : Self.slots)
    let free = Locked(isLegacy ? Self.slots.mapValues { _ in 1 } : Self.slots)
    let left = Locked(tasks.count)
    for task in tasks { watch.submitted(task.tool) }
    var waiting = tasks
    let begin = Machine.seconds
    while left.withLock({ $0 }) > 0 {
      var kept: [Task] = []
      for task in waiting {
        let isTaken = free.withLock { free in
          guard let room = free[task.tool], room > 0 else { return false }
          free[task.tool] = room - 1
          return true
        }
        guard isTaken else {
          kept.append(task)
          continue
        }
        watch.began(task.tool)
        _ = try OwnedThread(name: "task") {
          usleep(UInt32(task.milliseconds) * 1_000)
          watch.ended(task.tool)
          free.withLock { $0[task.tool, default: 0] += 1 }
          left.withLock { $0 -= 1 }
        }
      }
      waiting = kept
      usleep(UInt32(2 * scale * 1_000_000))
    }
    return Outcome(seconds: Machine.seconds - begin, idlePart: watch.idlePart)
  }
}
