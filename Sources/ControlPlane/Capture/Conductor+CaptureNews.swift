import Capture
import FoundationEssentials
import HootWire
import RealtimeEngine
import Tools

extension Conductor {
  /// What the capture thread told since the last time, and what has become of what is captured.
  func tendCaptures() {
    for news in capture.drain() {
      switch news {
      case .started(let token, _), .stopped(let token, _), .saved(let token, _), .stream(let token, _):
        captures.take(token)?(news)
      case .ended(let captured): ended(captured)
      case .past(let problem):
        if let problem {
          warn("the last minutes are not kept: " + problem.lines.prefix(2).joined(separator: ": "))
        }
      case .head(let status): publishHead(status)
      case .chunkFull(let status, let path, let bytes, let samples):
        publishFull(status, path, bytes: bytes, samples: samples)
      case .streamFailed(let status, let error, let recoverable):
        publishFailure(status, error, recoverable: recoverable)
      }
    }
    while let loan = captures.unsent.popLast() {
      guard engine.commands.turn.free() > 0 else {
        captures.unsent.append(loan)
        break
      }
      endTap(loan)
    }
    endOrphans()
  }

  /// A file that cannot be written ends its capture, and nothing else: the music plays on.
  private func ended(_ captured: Captured) {
    forget(captured.id)
    publish("stopped", captured)
    guard let problem = captured.problem else { return }
    warn(
      "capture \(captured.id) ended after \(seconds(of: captured.frames)) s: "
        + problem.lines.prefix(2).joined(separator: ": "))
  }

  /// A strip that has gone is captured no longer: its place may be another one's.
  private func endOrphans() {
    for running in captures.running.values where running.hasBegun && !running.isEnding {
      guard case .strip(let id, let slot, let name) = running.source else { continue }
      let isThere =
        timeline.track(id: id)?.slot == slot
        || timeline.bus(id: id).map { EngineLimits.firstBusStrip + $0.slot } == slot
      guard !isThere else { continue }
      // Refused only while there is no room for the order; then the next turn asks again.
      do throws(Refusal) {
        try end(running) { [self] _ in warn("the capture of \(name) ended: it was removed") }
      } catch { return }
    }
  }

  func publish(_ what: String, _ captured: Captured) {
    let fields = json(captured).object?.members.map { ($0.key, $0.value) } ?? []
    server.publishEvent(topic: "capture", content: JSONValue([("type", .string("capture_\(what)"))] + fields))
  }

  func json(_ captured: Captured) -> JSONValue {
    [
      "id": JSONValue(captured.id), "source": .string(captured.source), "file": .string(captured.file),
      "first_frame": .integer(captured.firstFrame), "frames": .integer(captured.frames),
      "seconds": .number(seconds(of: captured.frames)), "lost_frames": .integer(captured.level.lostFrames),
      "peak_db": .number(Double(captured.level.peak).decibels.hundredths),
      "silent": .bool(captured.level.isSilent),
      "problem": JSONValue(captured.problem?.lines.prefix(2).joined(separator: ": ")),
    ]
  }

  /// What whoever listens to the file would otherwise learn too late.
  func captureWarnings(_ captured: Captured) -> [String] {
    var warnings: [String] = []
    if captured.level.isSilent { warnings.append("\(captured.file) is silent: every sample is 0") }
    if captured.level.lostFrames > 0 {
      warnings.append("\(captured.level.lostFrames) frames were lost; silence stands in their places")
    }
    if let problem = captured.problem { warnings.append(problem.lines.prefix(2).joined(separator: ": ")) }
    return warnings
  }

  func seconds(of frames: Int64) -> Double { (Double(frames) / engine.sampleRate * 1000).rounded() / 1000 }

  /// Where a capture goes that was given no name: no two of a daemon's, and few of several, meet in one.
  func usualFile(_ name: String) -> String {
    let moment = Timestamp.now.text.prefix(19).map { $0 == ":" ? "-" : String($0) }.joined()
    return "\(settings.captureFolder)/\(name)-\(moment)-\(captures.lastID + 1).wav"
  }
}

extension Refusal {
  init(_ error: CaptureError) {
    let exit: ExitCode =
      switch error.kind {
      case .cannotWrite, .diskFull: .cannotWrite
      case .exists, .nothingKept, .unknown, .tooMany, .badSize: .refused
      }
    self.init(error.kind.rawValue, exit, error.lines[0], error.lines[1], error.lines[2])
  }
}
