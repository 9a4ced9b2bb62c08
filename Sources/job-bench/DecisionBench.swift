import Jobs

/// What one job costs in the scheduler, by how many others wait.
enum DecisionBench {
  static func run(waiting: Int) {
    var scheduler = Scheduler(seed: 1)
    var number: UInt64 = 0
    do {
      for host in 0..<1_000 {
        try scheduler.set(
          host: HostSpec(
            name: "host\(host)", kind: .builtin, slots: 1,
            services: [.init(address: "", tools: ["tool\(host % 10)"])]),
          at: 0)
      }
      while scheduler.liveJobs < waiting { _ = try scheduler.submit([spec(&number)], at: 0) }
      scheduler.decide(at: 0)
      var running = leases(&scheduler)
      let rounds = 20_000
      let begin = Machine.seconds
      for _ in 0..<rounds {
        let (job, epoch) = running.removeFirst()
        scheduler.report(.finished(.succeeded(HostResult())), of: job, epoch: epoch, at: 1)
        scheduler.settle(job, epoch: epoch, artifacts: [], value: nil, at: 1)
        _ = try scheduler.submit([spec(&number)], at: 1)
        scheduler.decide(at: 1)
        running += leases(&scheduler)
      }
      let each = (Machine.seconds - begin) / Double(rounds)
      Figure(
        name: "[O67] a job from submission to end in the scheduler, \(waiting) waiting", value: each * 1e6,
        unit: "us",
        against: "1000 hosts", goal: 100
      ).tell()
    } catch {
      print("refused: \(error)")
    }
  }

  private static func spec(_ number: inout UInt64) -> JobSpec {
    number += 1
    var spec = JobSpec(id: JobID(high: 1, low: number), tool: "tool\(number % 10)")
    spec.isFresh = true
    spec.priority = Int(number / 10 % 4)
    spec.client = "client\(number % 100)"
    return spec
  }

  private static func leases(_ scheduler: inout Scheduler) -> [(JobID, UInt64)] {
    scheduler.takeActions().compactMap { action in
      if case .lease(let record, _) = action { return (record.id, record.epoch) }
      return nil
    }
  }
}
