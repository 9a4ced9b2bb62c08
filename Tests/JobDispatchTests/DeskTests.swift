import Ledger
import Testing
import Threading

@testable import JobDispatch
@testable import Jobs

/// Orders in, calls out, reports in, rows and news out.
struct DeskTests {
  static let transport = HostFailure(.transport, "a", why: "b", next: "c")

  @Test func `[B04] [O07] [R18] a submission is answered when it is durable, and no host hears of it before`()
    throws
  {
    let bench = try DeskBench()
    bench.ledger.isHeld = true
    let result = Locked<Result<[SubmitAnswer], JobRefusal>?>(nil)
    let spec = bench.spec()
    bench.order(.submit([spec], answer: { answer in result.withLock { $0 = answer } }))
    #expect(result.withLock { $0 } == nil && bench.host.calls.isEmpty)
    bench.ledger.release()
    bench.settle()
    #expect(try result.withLock { $0 }?.get().map(\.how) == [.created])
    #expect(bench.host.calls.map(\.job) == [spec.id])
  }

  @Test
  func `[A18] [B03] [B32] the lease is durable before the call, which bears the job's id, attempt and trace`()
    throws
  {
    let bench = try DeskBench()
    let spec = bench.spec {
      $0.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      $0.inputs = [.init(parameter: "midi", hash: "ab")]
      $0.limits.startToFinish = 90_000
    }
    bench.submit([spec])
    let call = try #require(bench.host.calls.first)
    #expect(call.job == spec.id && call.epoch == 1 && call.attempt == 1 && call.opening == .submit)
    #expect(
      call.parameters == spec.parameters && call.inputs == spec.inputs
        && call.traceparent == spec.trace(.call(epoch: 1)).text)
    #expect(call.traceparent?.hasPrefix("00-4bf92f3577b34da6a3ce929d0e0e4736-") == true)
    #expect(call.limits.total == 90)
    #expect(try bench.state(spec.id) == .leased && bench.ledger.store.attempts(of: spec.id).count == 1)
  }

  @Test func `[D59] a finished job is one row, one artifact and one attachment, then news`() throws {
    let bench = try DeskBench()
    let spec = bench.spec { $0.region = "lead" }
    bench.submit([spec])
    bench.say(.accepted(remote: "far"), of: spec.id)
    bench.say(.progress(percent: 50, message: "half"), of: spec.id)
    #expect(try bench.state(spec.id) == .running)
    bench.say(.made(7), of: spec.id)
    #expect(try bench.state(spec.id) == .succeeded && bench.ledger.store.artifact("hash7")?.job == spec.id)
    #expect(bench.attached.map(\.region) == ["lead"] && bench.attached.map(\.artifact) == ["hash7"])
    #expect(bench.finished == [spec.id] && bench.desk.scheduler.liveJobs == 0 && bench.desk.handles.isEmpty)
  }

  @Test func `a call that ends is told with its host, its length and what came of it, once`() throws {
    let bench = try DeskBench()
    let spec = bench.spec()
    bench.submit([spec])
    bench.now += 40
    bench.say(.finished(.busy(retryAfter: 2)), of: spec.id, epoch: 1)
    bench.pass(10_000)
    bench.say(.made(), of: spec.id, epoch: 2)
    bench.say(.made(), of: spec.id, epoch: 2)
    let calls = bench.told.withLock { $0 }.compactMap { news -> CallNote? in
      if case .called(let call) = news { return call }
      return nil
    }
    #expect(calls.map(\.outcome) == [.busy(retryAfter: 2), .succeeded] && calls.map(\.epoch) == [1, 2])
    #expect(calls.allSatisfy { $0.host == "h" && $0.kind == .http && $0.spec.id == spec.id })
    #expect(calls.first.map { $0.ended - $0.began } == 40)
    #expect(bench.desk.open.isEmpty)
  }

  @Test func `[D60] [D66] a result that comes five times, late and from a zombie attaches once`() throws {
    let bench = try DeskBench()
    let spec = bench.spec { $0.region = "lead" }
    bench.submit([spec])
    bench.say(.finished(.failed(Self.transport)), of: spec.id, epoch: 1)
    bench.pass(2_000)
    #expect(bench.host.calls.map(\.epoch) == [1, 2])
    for epoch: UInt64 in [1, 2, 2, 1, 2, 2, 2] {
      bench.say(.made(5), of: spec.id, epoch: epoch)
      bench.say(.progress(percent: 1, message: "late"), of: spec.id, epoch: epoch)
      bench.say(.chunk(HostChunk(sequence: 0, type: "audio/wav", bytes: [1])), of: spec.id, epoch: epoch)
    }
    #expect(bench.attached.count == 1 && bench.finished == [spec.id] && bench.shelf.stored == 1)
    #expect(try bench.ledger.store.attachments(after: 0, limit: 9).count == 1)
    #expect(bench.desk.scheduler.counts.stale == 20)
  }

  @Test func `[D66] parts of a running job are told, and those after its end as such, with nothing in them`()
    throws
  {
    let bench = try DeskBench()
    let spec = bench.spec()
    bench.submit([spec])
    for number in 0..<3 {
      bench.say(.chunk(HostChunk(sequence: number, type: "audio/wav", bytes: [1])), of: spec.id)
    }
    bench.say(.made(), of: spec.id)
    bench.say(.chunk(HostChunk(sequence: 3, type: "audio/wav", bytes: [1])), of: spec.id)
    let chunks = bench.told.withLock { $0 }.compactMap { news -> HostChunk? in
      if case .chunk(_, _, let chunk) = news { return chunk }
      return nil
    }
    #expect(chunks.map(\.sequence) == [0, 1, 2, 3])
    #expect(chunks.map(\.fault) == [nil, nil, nil, "its call is over"] && chunks[3].bytes.isEmpty)
  }

  @Test
  func `[A48] [A51] [R21] a cancel is durable and final, and what the host makes afterwards changes nothing`()
    throws
  {
    let bench = try DeskBench()
    bench.host.endsOnCancel = false
    let spec = bench.spec { $0.region = "lead" }
    bench.submit([spec])
    #expect(bench.refusal { .cancel(spec.id, answer: $0) } == nil)
    #expect(try bench.state(spec.id) == .cancelled && bench.host.cancelled == [spec.id])
    #expect(try bench.ledger.store.debts().map(\.job) == [spec.id])
    bench.say(.made(), of: spec.id)
    #expect(try bench.state(spec.id) == .cancelled && bench.attached.isEmpty)
    #expect(try bench.ledger.store.debts().isEmpty && bench.desk.scheduler.host("h")?.used == 0)
    #expect(bench.refusal { .cancel(spec.id, answer: $0) }?.kind == .unknownJob)
  }

  @Test func aCancelWhileTheResultIsBeingKeptWinsAndNothingIsAttached() throws {
    let bench = try DeskBench()
    let spec = bench.spec { $0.region = "lead" }
    bench.submit([spec])
    bench.shelf.isHeld = true
    bench.say(.made(), of: spec.id)
    #expect(bench.refusal { .cancel(spec.id, answer: $0) } == nil)
    bench.shelf.release()
    bench.settle()
    #expect(try bench.state(spec.id) == .cancelled && bench.attached.isEmpty && bench.finished == [spec.id])
  }

  @Test func aCancelBetweenLeaseAndCallSendsNothingAndFreesTheSlot() throws {
    let bench = try DeskBench()
    let spec = bench.spec()
    bench.ledger.isHeld = true
    bench.order(.submit([spec], answer: { _ in }))
    // The look-up alone is let through, so the lease is on its way and not kept.
    bench.ledger.release()
    bench.ledger.isHeld = true
    bench.settle()
    bench.order(.cancel(spec.id, answer: { _ in }))
    bench.ledger.release()
    bench.settle()
    #expect(bench.host.calls.isEmpty && bench.desk.scheduler.host("h")?.used == 0)
    #expect(try bench.state(spec.id) == .cancelled && bench.ledger.store.debts().isEmpty)
  }

  @Test func everyJobOrOneClientsIsCancelledAtOnce() throws {
    let bench = try DeskBench([DeskBench.host(slots: 2)])
    let specs = (0..<6).map { number in bench.spec { $0.client = number < 4 ? "a" : "b" } }
    bench.submit(specs)
    let count = Locked(0)
    for client in ["a", nil] {
      bench.order(
        .cancelAll(
          client: client,
          answer: { result in
            if case .success(let number) = result { count.withLock { $0 = $0 * 10 + number } }
          }))
    }
    #expect(count.withLock { $0 } == 42)
    #expect(try specs.allSatisfy { try bench.state($0.id) == .cancelled })
  }

  @Test
  func
    `[A22] [O40] [R12] a retry is a new job of the same request for the same region, and only of what failed`()
    throws
  {
    let bench = try DeskBench()
    let spec = bench.spec { $0.region = "lead" }
    bench.submit([spec])
    let (new, other) = (JobID(high: 9, low: 1), JobID(high: 9, low: 2))
    #expect(retry(bench, spec.id, new)?.kind == .notFinished)
    bench.say(.finished(.failed(HostFailure(.permanent, "a", why: "b", next: "c"))), of: spec.id)
    #expect(try bench.state(spec.id) == .failed && retry(bench, spec.id, new) == nil)
    #expect(try bench.ledger.store.job(new)?.spec.retryOf == spec.id)
    bench.say(.made(), of: new)
    #expect(bench.attached.map(\.region) == ["lead"] && bench.attached.map(\.job) == [new])
    #expect(try bench.state(spec.id) == .failed)
    #expect(retry(bench, new, other)?.kind == .finished && retry(bench, other, new)?.kind == .unknownJob)
  }

  private func retry(_ bench: DeskBench, _ old: JobID, _ new: JobID) -> JobRefusal? {
    let result = Locked<JobRefusal?>(nil)
    bench.order(
      .retry(
        old, as: new,
        answer: { answer in
          if case .failure(let refusal) = answer { result.withLock { $0 = refusal } }
        }))
    return result.withLock { $0 }
  }

  @Test
  func `[O27] [O37] [O80] a request again, by id or by key, gives the job it made, and another's is refused`()
    throws
  {
    let bench = try DeskBench()
    let spec = bench.spec()
    bench.submit([spec], key: "k")
    bench.say(.made(), of: spec.id)
    #expect(try bench.submit([spec])?.get().map(\.how) == [.known])
    var again = spec
    again.id = JobID(high: 9, low: 9)
    #expect(try bench.submit([again], key: "k")?.get().map(\.job) == [spec.id])
    var other = spec
    other.tool = "sing"
    for key in [nil, "k"] {
      #expect(throws: JobRefusal.self) { try bench.submit([other], key: key)?.get() }
    }
    #expect(bench.host.calls.count == 1)
  }

  @Test func theSameRequestInFlightOrOfADeterministicToolServesBothRegionsWithOneCall() throws {
    let bench = try DeskBench()
    let first = bench.spec {
      $0.region = "a"
      $0.isDeterministic = true
    }
    func same(_ number: UInt64, _ region: String) -> JobSpec {
      var spec = first
      spec.id = JobID(high: 8, low: number)
      spec.region = region
      return spec
    }
    bench.submit([first])
    #expect(try bench.submit([same(1, "b")])?.get().map(\.how) == [.shared])
    bench.shelf.isHeld = true
    bench.say(.made(), of: first.id)
    bench.submit([same(2, "c")])
    bench.shelf.release()
    bench.settle()
    #expect(try bench.submit([same(3, "d")])?.get().map(\.job) == [first.id])
    #expect(bench.attached.map(\.region) == ["a", "b", "c", "d"] && bench.host.calls.count == 1)
    #expect(try bench.ledger.store.attachments(after: 0, limit: 9).map(\.slot) == [0, 1, 2, 3])
    var fresh = same(4, "e")
    fresh.isFresh = true
    #expect(try bench.submit([fresh])?.get().map(\.how) == [.created])
  }
}
