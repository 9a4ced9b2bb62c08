import Glibc
import JobDispatch
import Jobs
import Ledger
import Threading

/// A host that ends every call after the milliseconds that its parameters say: at once, or on a thread that sleeps.
struct TimedClient: HostClient {
  let kind = HostKind.builtin
  var watch: SlotWatch?

  func start(_ call: HostCall, report: @escaping @Sendable (HostReport) -> Void) -> any HostCallHandle {
    let done = HostReport.finished(.succeeded(HostResult(value: Array("1".utf8))))
    guard let text = String(validating: call.parameters, as: UTF8.self), let time = Int(text), time > 0
    else {
      report(done)
      return NoHandle()
    }
    let (watch, tool) = (watch, call.tool)
    watch?.began(tool)
    do {
      _ = try OwnedThread(name: "call") {
        usleep(UInt32(time) * 1_000)
        watch?.ended(tool)
        report(done)
      }
    } catch { report(done) }
    return NoHandle()
  }

  func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) { answer(HostHealth(isUp: true)) }

  func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
    answer(.released)
  }
}

/// Has one place, which somebody else holds at first, and says so to whoever comes meanwhile.
final class OnePlaceClient: HostClient {
  let kind = HostKind.http
  static let jobMilliseconds: UInt32 = 50
  static let retryAfter = 1.0
  private let state = Locked(State())

  private struct State {
    var calls = 0
    var isTaken = true
  }

  var calls: Int { state.withLock { $0.calls } }

  func letGo() { state.withLock { $0.isTaken = false } }

  func start(_ call: HostCall, report: @escaping @Sendable (HostReport) -> Void) -> any HostCallHandle {
    let isFree = state.withLock { state in
      state.calls += 1
      defer { state.isTaken = true }
      return !state.isTaken
    }
    guard isFree else {
      report(.finished(.busy(retryAfter: Self.retryAfter)))
      return NoHandle()
    }
    do {
      _ = try OwnedThread(name: "call") { [self] in
        usleep(Self.jobMilliseconds * 1_000)
        letGo()
        report(.finished(.succeeded(HostResult(value: Array("1".utf8)))))
      }
    } catch { report(.finished(.busy(retryAfter: nil))) }
    return NoHandle()
  }

  func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) { answer(HostHealth(isUp: true)) }

  func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
    answer(.released)
  }
}

struct NoHandle: HostCallHandle { func cancel() {} }

struct NoShelf: ArtifactShelf {
  func store(
    _ artifacts: [HostArtifact], of job: JobRecord,
    _ answer: @escaping @Sendable (Result<[ArtifactRow], HostFailure>) -> Void
  ) {
    answer(.success([]))
  }
}
