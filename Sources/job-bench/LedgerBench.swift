import Jobs
import Ledger

/// The database by itself.
final class LedgerBench {
  private let path: String
  private let store: SQLiteLedger
  private var number: UInt64 = 0

  init(path: String) throws {
    self.path = path
    store = try SQLiteLedger(path: path)
  }

  /// One synced commit of one row, in seconds at the median.
  func commits() throws -> Double {
    let times = try (0..<200).map { _ in
      let begin = Machine.seconds
      _ = try store.apply([.append(session: "bench", bytes: [1])], at: 1)
      return Machine.seconds - begin
    }
    let (half, most) = (Machine.quantile(times, 0.5), Machine.quantile(times, 0.99))
    Figure(
      name: "[O07] synced commit of one row, 99 of 100", value: most * 1_000, unit: "ms",
      against: "one in two: \(Machine.milliseconds(half))", goal: 8
    ).tell()
    return half
  }

  /// Submit, lease and complete with artifact, region and history, 64 writes to a commit, as the table grows.
  func wholeJobs(upTo rows: Int) throws {
    var step = 1_000
    var done = 0
    while done < rows {
      while done < step - 640 { done += try batch(640) }
      let begin = Machine.seconds
      var count = 0
      while done < step || count < 640 {
        let made = try batch(640)
        (done, count) = (done + made, count + made)
      }
      Figure(
        name: "[O68] a whole job in the ledger at \(done) rows",
        value: (Machine.seconds - begin) / Double(count) * 1e6,
        unit: "us", against: "64 writes to a synced commit", goal: 667
      ).tell()
      step *= 10
    }
  }

  private func batch(_ count: Int) throws -> Int {
    var writes: [LedgerWrite] = []
    for _ in 0..<count {
      number += 1
      var spec = JobSpec(id: JobID(high: 2, low: number), tool: "make")
      spec.region = "region"
      var job = JobRecord(spec: spec, sequence: number, at: 1)
      writes.append(.submit([job]))
      job.apply(.leased(host: "h"), at: 2)
      writes.append(.update(job))
      job.apply(.succeeded(artifacts: ["a\(number)"], value: nil), at: 3)
      writes.append(
        .complete(
          job, artifacts: [ArtifactRow(hash: "a\(number)", type: "audio/midi", bytes: 1, job: job.id, at: 3)],
          attachments: [AttachmentRow(job: job.id, slot: 0, region: "region", artifact: "a\(number)", at: 3)])
      )
    }
    for start in stride(from: 0, to: writes.count, by: LedgerLimits.group) {
      _ = try store.apply(Array(writes[start..<min(start + LedgerLimits.group, writes.count)]), at: 3)
    }
    return count
  }

  /// Opens the database beside what is finished and takes the live ones over, as a start does.
  func restart(live: Int) throws {
    for _ in 0..<live {
      number += 1
      var spec = JobSpec(id: JobID(high: 3, low: number), tool: "make")
      spec.isFresh = true
      _ = try store.apply([.submit([JobRecord(spec: spec, sequence: number, at: 1)])], at: 1)
    }
    store.close()
    let begin = Machine.seconds
    let again = try SQLiteLedger(path: path)
    let jobs = try again.liveJobs()
    var scheduler = Scheduler(seed: 1, sequence: try again.lastSequence())
    scheduler.restore(jobs, at: 5)
    scheduler.decide(at: 5)
    let took = Machine.seconds - begin
    Figure(
      name: "[R33] ready again with \(jobs.count) live jobs", value: took * 1_000, unit: "ms",
      against: "\(number) rows", goal: 200
    ).tell()
    again.close()
  }
}
