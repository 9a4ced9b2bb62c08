import Testing

@testable import Jobs

/// How much may wait, and what the one job too many is told.
@Suite struct QueueLimitTests {
  private func refusal(_ scheduler: inout Scheduler, _ count: Int, client: String) -> JobRefusal? {
    let specs = (0..<count).map { number -> JobSpec in
      var spec = JobSpec(id: JobID(high: 9, low: UInt64(number)), tool: "make")
      (spec.client, spec.isFresh) = (client, true)
      return spec
    }
    do throws(JobRefusal) {
      _ = try scheduler.submit(specs, at: 1_000) { _ in nil }
      return nil
    } catch { return error }
  }

  @Test func `A client has so many jobs at once, others theirs`() {
    var scheduler = Scheduler(seed: 1)
    scheduler.perClient["ann"] = JobsLimits.liveJobsPerClient - 1
    let refused = refusal(&scheduler, 2, client: "ann")
    #expect(refused?.kind == .full && scheduler.liveJobs == 0)
    #expect(refused?.lines[1] == "99999 jobs of yours are not finished; 100000 are allowed.")
    #expect(refusal(&scheduler, 2, client: "bob") == nil && scheduler.liveJobs == 2)
  }

  @Test func `The queue has so many jobs, all or none of a request`() {
    var scheduler = Scheduler(seed: 1)
    scheduler.index.reserveCapacity(JobsLimits.liveJobs)
    for number in 0..<UInt64(JobsLimits.liveJobs - 1) { scheduler.index[JobID(high: 8, low: number)] = 0 }
    let refused = refusal(&scheduler, 2, client: "ann")
    #expect(refused?.kind == .full && scheduler.liveJobs == JobsLimits.liveJobs - 1)
    #expect(refused?.lines[1] == "999999 jobs are not finished; 1000000 are allowed.")
  }

  @Test func `A request with more jobs than allowed is refused whole`() {
    var scheduler = Scheduler(seed: 1)
    #expect(refusal(&scheduler, JobsLimits.batch + 1, client: "ann") != nil && scheduler.liveJobs == 0)
  }
}
