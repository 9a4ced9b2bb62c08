import Glibc
import HootWire
import Jobs
import Threading

/// Makes music without any host: generators on a thread of their own, and the offline renderer as a niced child, whose
/// end is its cancelling.
package struct BuiltinHostClient: HostClient {
  package let kind = HostKind.builtin
  private let program: String
  private let environment: [String: String]
  private let folder: String
  private let worker: ChildWorker
  private let maker: InputReader
  private let content: @Sendable (String) throws(HostFailure) -> [UInt8]

  /// - Parameters:
  ///   - program: the absolute path of `chaosgarden`.
  ///   - environment: what the renderer gets.
  ///   - folder: for its files on the way; there already.
  ///   - maker: the thread that makes.
  package init(
    program: String, environment: [String: String], folder: String, worker: ChildWorker, maker: InputReader,
    content: @escaping @Sendable (String) throws(HostFailure) -> [UInt8]
  ) {
    self.program = program
    self.environment = environment
    self.folder = folder
    self.worker = worker
    self.maker = maker
    self.content = content
  }

  package func start(
    _ call: HostCall, report: @escaping @Sendable (HostReport) -> Void
  ) -> any HostCallHandle {
    let running = CallHandle(worker.desk, report: report)
    guard let tool = BuiltinTool(rawValue: call.tool) else {
      running.finish(
        .failed(
          HostFailure(
            .permanent, "\(Plain.shown(call.tool)) is not built in",
            why: "Built in: \(BuiltinTool.allCases.map(\.rawValue).joined(separator: ", ")).",
            next: "garden host ls")))
      return running
    }
    if case .adopt = call.opening {
      running.finish(.failed(CommandHostClient.lost(call, "this host")))
      return running
    }
    let client = self
    let isTaken = maker.submit { client.run(tool, call, running) }
    if !isTaken {
      running.finish(
        .failed(
          HostFailure(
            .retryable, "\(call.tool) was not begun", why: "Too many calls wait.",
            next: HostFailure.triedAgain))
      )
    }
    return running
  }

  private func run(_ tool: BuiltinTool, _ call: HostCall, _ running: CallHandle) {
    if running.isCancelled { return running.finish(.cancelled) }
    running.tell(.accepted(remote: nil))
    do throws(HostFailure) {
      var inputs: [String: [UInt8]] = [:]
      for input in call.inputs {
        guard tool.inputs.contains(input.parameter) else { continue }
        inputs[input.parameter] = try content(input.hash)
      }
      switch tool {
      case .render: return try render(call, inputs, running)
      case .bounce: return try bounce(call, inputs, running)
      default: break
      }
      let result = try tool.make(call, inputs) { running.isCancelled }
      running.finish(running.isCancelled ? .cancelled : .succeeded(result))
    } catch { running.finish(.failed(error)) }
  }

  package func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) {
    var health = HostHealth(isUp: true)
    health.tools = BuiltinTool.allCases.map(\.rawValue)
    answer(health)
  }

  /// What is made here ends with the daemon.
  package func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
    answer(.released)
  }
}

extension BuiltinHostClient {
  /// Its files are named after the job and the epoch, and gone at the end; but the WAV, which is the receiver's.
  private func render(_ call: HostCall, _ inputs: [String: [UInt8]], _ running: CallHandle)
    throws(HostFailure)
  {
    let fields = try BuiltinFields(call, .render)
    let rate = try fields.integer("sample_rate", 22_050...96_000) ?? 48_000
    let stem = "\(folder)/\(call.job.text)-\(call.epoch)"
    let (midi, font, wave) = (stem + ".mid", stem + ".sf2", stem + ".wav")
    guard let bytes = inputs["input_hash"] else { throw fields.missing("input_hash") }
    _ = try fields.music("input_hash", bytes)
    try Self.write(bytes, to: midi)
    var arguments = [program, "render", "-o", wave, "--rate", String(rate)]
    if let bytes = inputs["soundfont_hash"] {
      try Self.write(bytes, to: font)
      arguments += ["--soundfont", font]
    }
    unlink(wave)
    let wish = ChildWish(
      arguments: arguments + [midi], environment: environment, folder: folder, input: [],
      outputBytes: 1 << 20, total: call.limits.total, silence: nil)
    running.begin(
      wish, by: worker, talk: { _ in },
      outcome: { end in
        unlink(midi)
        unlink(font)
        let outcome = CommandHostClient.outcome(end, call, "chaosgarden render")
        guard case .succeeded = outcome else {
          unlink(wave)
          return outcome
        }
        return .succeeded(HostResult(artifacts: [HostArtifact(.file(path: wave), type: "audio/wav")]))
      })
  }

  /// A whole session. A file that is asked for is written in its place by the renderer, and copied into the store.
  private func bounce(_ call: HostCall, _ inputs: [String: [UInt8]], _ running: CallHandle)
    throws(HostFailure)
  {
    let fields = try BuiltinFields(call, .bounce)
    let stem = "\(folder)/\(call.job.text)-\(call.epoch)"
    let session = stem + ".json"
    guard let bytes = inputs["session_hash"] else { throw fields.missing("session_hash") }
    let output = try fields.text("output")
    if let output, !output.hasPrefix("/") { throw fields.refusal("output", "it is no absolute path") }
    let wave = output ?? stem + ".wav"
    var arguments = [program, "render", "--session", session, "-o", wave]
    for name in ["from", "to", "bits"] {
      if let text = try fields.text(name) { arguments += ["--\(name)", text] }
    }
    if let rate = try fields.integer("sample_rate", 22_050...192_000) {
      arguments += ["--rate", String(rate)]
    }
    if let lufs = try fields.number("lufs", -60...0) { arguments += ["--lufs", String(lufs)] }
    try Self.write(bytes, to: session)
    let wish = ChildWish(
      arguments: arguments, environment: environment, folder: folder, input: [],
      outputBytes: 1 << 20, total: call.limits.total, silence: nil)
    let type = wave.hasSuffix(".flac") ? "audio/flac" : "audio/wav"
    running.begin(
      wish, by: worker, talk: { _ in },
      outcome: { end in
        unlink(session)
        let outcome = CommandHostClient.outcome(end, call, "chaosgarden render")
        guard case .succeeded = outcome else {
          if output == nil { unlink(wave) }
          return outcome
        }
        let content: HostArtifact.Content = output == nil ? .file(path: wave) : .original(path: wave)
        return .succeeded(HostResult(artifacts: [HostArtifact(content, type: type)]))
      })
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(HostFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    var rest = bytes[...]
    var problem = descriptor < 0 ? errno : 0
    while problem == 0, !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { problem = count < 0 ? errno : ENOSPC } else { rest = rest.dropFirst(count) }
    }
    if descriptor >= 0 { close(descriptor) }
    guard problem == 0 else {
      unlink(path)
      throw HostFailure(
        .retryable, "A file for the renderer could not be written",
        why: "\(path): \(String(cString: strerror(problem))).",
        next: "df -h")
    }
  }
}
