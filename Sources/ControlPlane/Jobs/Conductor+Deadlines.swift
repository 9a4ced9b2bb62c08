import Arrangement
import FoundationEssentials
import HootWire
import JobDispatch
import Jobs
import MusicalTime

// When the playhead will come to what jobs make, through the tempo map.
extension Conductor {
  /// Milliseconds since 1970; nil when nothing says that the playhead will come there.
  func deadline(ofRegionAt start: Tick) -> JobTime? {
    guard transport.state == .rolling, let now = jobs?.clock() else { return nil }
    let place = exactPlayhead
    let map = timeline.map
    func seconds(_ from: Double, _ to: Double) -> Double {
      map.seconds(atTick: to) - map.seconds(atTick: from)
    }
    var away = Double(start) >= place ? seconds(place, Double(start)) : nil
    if timeline.isLooping, let loop = timeline.loop, place < Double(loop.upperBound) {
      if start >= loop.upperBound { away = nil }
      if Double(start) < place, loop.contains(start) {
        away =
          seconds(place, Double(loop.upperBound)) + seconds(Double(loop.lowerBound), Double(start))
      }
    }
    return away.map { now.later(Int64(($0 * 1_000).rounded())) }
  }

  /// Tells the dispatcher what has changed: at once after a jump, an edit or a change of tempo, else now and then.
  func tendDeadlines() {
    guard let side = jobs, !side.live.isEmpty, !timeline.latents.isEmpty else { return }
    let now = ContinuousClock.now
    let state = DeadlineState(
      transport.landedFrame, transport.state == .rolling, schedules.nextSessionRevision, timeline.map)
    guard
      state != side.deadlineState
        || now - side.deadlinesLooked >= .seconds(ControlLimits.deadlineLookSeconds)
    else { return }
    jobs?.deadlineState = state
    jobs?.deadlinesLooked = now
    var changed: [(job: JobID, deadline: JobTime?)] = []
    for latent in timeline.latents.values where latent.status == .pending || latent.status == .running {
      guard let job = latent.job.flatMap({ JobID($0) }), side.live[job] != nil else { continue }
      let deadline = deadline(ofRegionAt: start(of: latent))
      let known = side.deadlines[job]
      guard (deadline == nil) != (known == nil) || abs((deadline ?? 0) - (known ?? 0)) > 20 else { continue }
      changed.append((job, deadline))
    }
    guard !changed.isEmpty, side.dispatcher.order(.setDeadlines(changed)) else { return }
    for (job, deadline) in changed { jobs?.deadlines[job] = deadline }
  }
}

/// What deadlines hang on.
struct DeadlineState: Equatable {
  let landedFrame: Int64
  let isRolling: Bool
  let revision: UInt64
  let map: TempoMap

  init(_ landedFrame: Int64, _ isRolling: Bool, _ revision: UInt64, _ map: TempoMap) {
    (self.landedFrame, self.isRolling, self.revision, self.map) = (landedFrame, isRolling, revision, map)
  }
}
