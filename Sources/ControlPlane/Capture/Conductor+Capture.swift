import Arrangement
import Capture
import ControlSocket
import FoundationEssentials
import HootWire
import LockFree
import RealtimeEngine
import Tools

// What was played, on its way to files. The capture thread opens and writes them.
extension Conductor {
  /// The last seconds of the mix.
  func captureLast(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let wished = arguments.number(.last) ?? 0
    let file = arguments.text(.output) ?? usualFile("last")
    let asked = Int((wished * engine.sampleRate).rounded())
    let id = captures.newID()
    let token = captures.expect { [self] news in
      guard case .saved(_, let result) = news else { return }
      if case .success(let captured) = result { publish("saved", captured) }
      answer(incoming, result) { [self] captured in
        var warnings = captureWarnings(captured)
        if captured.frames < asked {
          warnings.append("only \(seconds(of: captured.frames)) s of \(wished.hundredths) s were there")
        }
        return ["capture": json(captured), "warnings": .array(warnings.map { .string($0) })]
      }
    }
    try submit(
      .save(
        token: token, id: id, frames: asked, until: engine.output.written, file: file,
        replaces: arguments.isSet(.force)), token)
    return .later
  }

  /// From now on, until it is stopped.
  func captureStart(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let source = try captureSource(arguments)
    let replaces = arguments.isSet(.force)
    let file = arguments.text(.output) ?? usualFile(FileName.safe(source.name))
    guard captures.running.count < CaptureLimits.takes else {
      throw Refusal(
        "too_many", .refused, "nothing more is captured",
        "\(captures.running.count) captures run, and \(CaptureLimits.takes) may", "garden capture stop")
    }
    let id = captures.newID()
    guard let slot = source.strip else {
      let running = CaptureShelf.Running(id: id, source: source, file: file, history: engine.output)
      try begin(running, from: engine.output.written, replaces, incoming)
      return .later
    }
    let loan = try lendTap(strip: slot) { [self] loan in
      let running = CaptureShelf.Running(
        id: id, source: source, file: file, history: loan.history, loan: loan)
      do throws(Refusal) { try begin(running, from: 0, replaces, incoming) } catch {
        forget(id)
        finish(incoming, error.content)
      }
    }
    captures.running[id] = CaptureShelf.Running(
      id: id, source: source, file: file, history: loan.history, loan: loan, hasBegun: false)
    return .later
  }

  /// One, or all that run.
  func captureStop(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    var wanted = captures.running.values.filter { $0.hasBegun && !$0.isEnding }.sorted { $0.id < $1.id }
    if let number = arguments.integer(.capture) { wanted.removeAll { $0.id != UInt64(number) } }
    guard !wanted.isEmpty else {
      let what = arguments.integer(.capture).map { "capture \($0) was not stopped" } ?? "nothing was stopped"
      throw Refusal("unknown_capture", .refused, what, "no such capture runs", "garden capture ls")
    }
    let ending = Ending(count: wanted.count)
    for running in wanted {
      try end(running) { [self] result in
        ending.results.append(result)
        guard ending.results.count == ending.count else { return }
        // A failure is told below.
        let all = ending.results.compactMap { try? $0.get() }
        guard !all.isEmpty || wanted.isEmpty else {
          if case .failure(let error)? = ending.results.first {
            resume(incoming) { () throws(Refusal) in throw Refusal(error) }
          }
          return
        }
        let warnings = all.flatMap { captureWarnings($0) }
        resume(incoming) { () throws(Refusal) in
          finish(
            incoming,
            .ok([
              "captures": .array(all.sorted { $0.id < $1.id }.map { json($0) }),
              "warnings": .array(warnings.map { .string($0) }),
            ]))
        }
      }
    }
    return .later
  }

  /// Results that come in one by one. Control thread.
  private final class Ending {
    let count: Int
    var results: [Result<Captured, CaptureError>] = []
    init(count: Int) { self.count = count }
  }

  func listCaptures() -> JSONValue {
    let status = capture.status
    let past = status.past
    return [
      "captures": .array(status.captures.map { json($0) }),
      "past": [
        "minutes": .integer(Int64(settings.captureMinutes)),
        "seconds": .number(seconds(of: Int64(past.frames))),
        "lost_frames": .integer(past.lostFrames),
        "problem": JSONValue(past.problem?.lines.prefix(2).joined(separator: ": ")),
        "folder": .string(settings.captureFolder),
      ],
    ]
  }

  // MARK: Beginning and ending

  private func captureSource(_ arguments: Arguments) throws(Refusal) -> CaptureSource {
    let name = arguments.text(.track)
    switch (arguments.text(.source), name) {
    case ("track", nil):
      throw Refusal(
        "missing", .usage, "no track was named", "--source track needs --track NAME",
        "garden capture start --track lead")
    case ("mix", let name?), ("input", let name?):
      throw Refusal(
        "conflict", .usage, "two sources were named",
        "--track \(name) is one, --source \(arguments.text(.source) ?? "") another",
        "two captures, one of each")
    case (_, let name?):
      let strip: Strip
      do { strip = try timeline.strip(name) } catch { throw Refusal(error) }
      return .strip(strip.id, slot: slot(of: strip), name: strip.name)
    case ("input", nil):
      guard keeper?.input.status().source != nil else {
        throw Refusal(
          "no_input", .refused, "the input was not captured", "nothing is attached",
          "garden input attach, then again")
      }
      return .input
    default: return .mix
    }
  }

  func slot(of strip: Strip) -> Int {
    switch strip {
    case .track(let track): track.slot
    case .bus(let bus): EngineLimits.firstBusStrip + bus.slot
    }
  }

  private func begin(
    _ running: CaptureShelf.Running, from first: Int, _ replaces: Bool, _ incoming: Incoming
  ) throws(Refusal) {
    let token = captures.expect { [self] news in
      guard case .started(_, let result) = news else { return }
      switch result {
      case .success(let captured): publish("started", captured)
      case .failure: forget(running.id)
      }
      answer(incoming, result) { ["capture": json($0)] }
    }
    let plan = TakePlan(
      id: running.id, source: running.source.name, file: running.file, replaces: replaces,
      history: running.history, first: first)
    try submit(.start(token: token, plan), token)
    captures.running[running.id] = running
  }

  /// Up to the frame that was written last; `then` gets what came of it.
  func end(
    _ running: CaptureShelf.Running, then: @escaping (Result<Captured, CaptureError>) -> Void
  ) throws(Refusal) {
    let token = captures.expect { [self] news in
      guard case .stopped(_, let result) = news else { return }
      if case .success(let captured) = result { publish("stopped", captured) }
      forget(running.id)
      then(result)
    }
    try submit(.stop(token: token, id: running.id, until: running.history.written), token)
    captures.running[running.id]?.isEnding = true
  }

  /// It runs no more; what was lent for it is asked back.
  func forget(_ id: UInt64) {
    guard let running = captures.running.removeValue(forKey: id), let loan = running.loan else { return }
    endTap(loan)
  }

  /// Has the renderer put a strip down; `then` runs when it does.
  func lendTap(strip: Int, then: @escaping (TapLoan) -> Void) throws(Refusal) -> TapLoan {
    try checkRoom()
    guard let loan = captures.lend() else {
      throw Refusal(
        "too_many", .refused, "nothing more is tapped",
        "\(EngineLimits.taps) sources are, and no more may be",
        "garden capture stop")
    }
    let id = landing.newID()
    let command = Command(
      id: id, kind: .tap, track: strip, dueFrame: deviceFrame, value: Double(loan.place),
      address: loan.address)
    guard engine.commands.push(command) else {
      captures.giveBack(loan)
      throw .passing("the command ring is full", "it holds \(EngineLimits.commandRing) commands")
    }
    captures.awaitLanding(of: id) { then(loan) }
    return loan
  }

  /// The renderer stops writing; then the memory goes.
  func endTap(_ loan: TapLoan) {
    let id = landing.newID()
    let command = Command(
      id: id, kind: .tap, track: -1, dueFrame: deviceFrame, value: Double(loan.place))
    guard engine.commands.push(command) else {
      captures.unsent.append(loan)
      return
    }
    captures.awaitLanding(of: id) { [self] in captures.giveBack(loan) }
  }

  func submit(_ order: CaptureOrder, _ token: UInt64) throws(Refusal) {
    guard capture.submit(order) else {
      captures.forget(token)
      throw Refusal(
        "busy", .tryLater, "the capture thread has too much to do",
        "\(CaptureLimits.takes) captures may run, and the disk is slow", "try again in a moment")
    }
  }

  private func answer(
    _ incoming: Incoming, _ result: Result<Captured, CaptureError>, _ content: (Captured) -> JSONValue
  ) {
    resume(incoming) { () throws(Refusal) in
      switch result {
      case .success(let captured): finish(incoming, .ok(content(captured)))
      case .failure(let error): throw Refusal(error)
      }
    }
  }
}
