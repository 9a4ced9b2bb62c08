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

  /// One synced commit of one row, in seconds: one in two, and 99 of 100.
  func commits() throws -> (half: Double, most: Double) {
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
    return (half, most)
  }

  /// Submit, lease and complete with artifact, region and history, 64 writes to a commit, as the table grows.
  func wholeJobs(upTo rows: Int) throws {
    var step = 1_000
    var done = 0
    var costs: [Double] = []
    while done < rows {
      let measured = min(Self.measured, step)
      while done < step - measured { done += try batch(640) }
      times = []
      var count = 0
      while done < step || count < measured {
        let made = try batch(640)
        (done, count) = (done + made, count + made)
      }
      // Of the commits the middle one: what the disk does now and then is no matter of rows.
      let cost = Machine.quantile(times, 0.5) * 3 / Double(LedgerLimits.group) * 1e6
      costs.append(cost)
      Figure(
        name: "[O68] a whole job in the ledger at \(done) rows", value: cost,
        unit: "us", against: "64 writes to a synced commit, three a job", goal: 667
      ).tell()
      step *= 10
    }
    Figure(
      name: "[O68] a whole job, the dearest of those over the first",
      value: (costs.max() ?? 0) / (costs.first ?? 1),
      unit: "", against: "1,000 to \(done) rows", goal: 1.1
    ).tell()
  }

  /// Jobs that are measured at each size.
  private static let measured = 1_920
  private var times: [Double] = []

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
      let group = Array(writes[start..<min(start + LedgerLimits.group, writes.count)])
      let begin = Machine.seconds
      _ = try store.apply(group, at: 3)
      times.append(Machine.seconds - begin)
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
